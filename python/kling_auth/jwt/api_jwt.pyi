from collections.abc import Container, Iterable, Sequence
from datetime import timedelta
from json import JSONEncoder
from typing import Any

from .types import Options

class PyJWT:
    """Encode and decode tokens with your own default options.

    >>> strict = PyJWT({"require": ["exp"], "enforce_minimum_key_length": True})
    >>> strict.encode({}, "a short key")
    Traceback (most recent call last):
        ...
    kling_auth.jwt.exceptions.InvalidKeyError: The HMAC key is 11 bytes long, which is below the minimum recommended length of 32 bytes for SHA256. See RFC 7518 Section 3.2.
    """

    options: Options
    def __init__(self, options: Options | None = None) -> None: ...
    def encode(
        self,
        payload: dict[str, Any],
        key: str | bytes,
        algorithm: str | None = "HS256",
        headers: dict[str, Any] | None = None,
        json_encoder: type[JSONEncoder] | None = None,
        sort_headers: bool = True,
    ) -> str:
        """Sign claims with a key, and return the token.

        A key of fewer than 32 bytes emits an `InsecureKeyLengthWarning`.

        Args:
            payload: The claims. A `datetime` in ``exp``, ``iat`` or ``nbf`` becomes Unix seconds.
            key: The HMAC secret.
            algorithm: ``HS256``, the only supported algorithm.
            headers: More header fields. An ``alg`` replaces ``algorithm``, and an empty ``typ``
                removes ``typ``.
            json_encoder: A `json.JSONEncoder` class for payload and header.
            sort_headers: Whether to sort the header fields by name.

        Raises:
            TypeError: ``payload`` is not a dict, its ``iss`` is not a string, ``key`` is neither
            str
                nor bytes, or a value cannot be written as JSON.
            InvalidKeyError: The key is empty or of another kind.
            InvalidTokenError: ``kid`` is not a string.
            UnsupportedAlgorithmError: The algorithm is not HS256.
            DetachedPayloadError: The header has ``"b64": false``.

        >>> encode({"iss": "ak"}, "a secret of thirty-two characters")
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJhayJ9.ckEH31A9Rzt9cF4SNn84EA-EtSAJ3NVJ-Lmk_ZaUvsA'
        """
    def decode(
        self,
        jwt: str | bytes,
        key: str | bytes = "",
        algorithms: Sequence[str] | None = None,
        options: Options | None = None,
        verify: bool | None = None,
        detached_payload: bytes | None = None,
        audience: str | Iterable[str] | None = None,
        subject: str | None = None,
        issuer: str | Container[str] | None = None,
        leeway: float | timedelta = 0,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Verify a token and return its claims.

        A key of fewer than 32 bytes emits an `InsecureKeyLengthWarning`.

        Args:
            jwt: The token.
            key: The HMAC secret.
            algorithms: The allowed algorithms: ``["HS256"]``. Never take them from the token.
            options: See `kling_auth.jwt.types.Options`. With ``{"verify_signature": False}``, only
                the checks that are listed are made.
            verify: Has no effect but a warning, as in PyJWT.
            detached_payload: Not supported.
            audience: The expected audience, or several.
            subject: The expected subject.
            issuer: The expected issuer, or several.
            leeway: Seconds by which the clocks may differ, or a `timedelta`.

        Raises:
            InvalidTokenError: The token is invalid. The subclass says why.
            InvalidKeyError: The key is empty or of another kind.
            TypeError: An argument has the wrong type.

        >>> key = "a secret of thirty-two characters"
        >>> token = encode({"iss": "ak", "exp": 1700000000}, key)
        >>> decode(token, key, algorithms=["HS256"])
        Traceback (most recent call last):
            ...
        kling_auth.jwt.exceptions.ExpiredSignatureError: Signature has expired
        >>> decode(token, options={"verify_signature": False})
        {'iss': 'ak', 'exp': 1700000000}
        """
    def decode_complete(
        self,
        jwt: str | bytes,
        key: str | bytes = "",
        algorithms: Sequence[str] | None = None,
        options: Options | None = None,
        verify: bool | None = None,
        detached_payload: bytes | None = None,
        audience: str | Iterable[str] | None = None,
        issuer: str | Container[str] | None = None,
        subject: str | None = None,
        leeway: float | timedelta = 0,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Verify a token as `decode` does, and return a dict of payload, header and signature.

        >>> key = "a secret of thirty-two characters"
        >>> whole = decode_complete(encode({}, key), key, algorithms=["HS256"])
        >>> whole["header"], whole["payload"], len(whole["signature"])
        ({'alg': 'HS256', 'typ': 'JWT'}, {}, 32)
        """
    def _encode_payload(
        self,
        payload: dict[str, Any],
        headers: dict[str, Any] | None = None,
        json_encoder: type[JSONEncoder] | None = None,
    ) -> bytes: ...
    def _decode_payload(self, decoded: dict[str, Any]) -> dict[str, Any]: ...

encode = PyJWT().encode
decode = PyJWT().decode
decode_complete = PyJWT().decode_complete

def get_unverified_header(jwt: str | bytes) -> dict[str, Any]:
    """Return the header of a token without verifying it: anyone may have written it.

    Args:
        jwt: The token.

    Raises:
        DecodeError: The string is not a token.
        InvalidTokenError: ``kid`` or ``crit`` is invalid.

    >>> get_unverified_header(encode({}, "a secret of thirty-two characters", headers={"kid": "1"}))
    {'alg': 'HS256', 'kid': '1', 'typ': 'JWT'}
    """
