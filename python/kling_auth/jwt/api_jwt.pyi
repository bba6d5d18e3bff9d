from collections.abc import Container, Iterable, Sequence
from datetime import timedelta
from json import JSONEncoder
from typing import Any

from .types import Options

class PyJWT:
    """The functions of this package with options of your own.

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
        """Sign ``payload`` with ``key``: the token, as a str.

        A `datetime` in ``exp``, ``iat`` or ``nbf`` is written in Unix seconds. ``headers`` adds to
        ``alg`` and ``typ``; its ``alg`` wins over ``algorithm``, and an empty ``typ`` takes that
        out. ``json_encoder`` is a `json.JSONEncoder` class for payload and header.

        Raises `TypeError` if ``payload`` is not a dict, its ``iss`` not a string, ``key`` neither
        str nor bytes, or a value has no JSON; `InvalidKeyError`; `InvalidTokenError` if ``kid``
        is not a string; `UnsupportedAlgorithmError` for all but HS256; `DetachedPayloadError`.
        Warns `InsecureKeyLengthWarning` below 32 bytes of key.

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
        """Verify the token ``jwt`` and return its claims.

        ``algorithms`` lists what may have signed it: ``["HS256"]``, written out, never taken from
        the token. ``options`` are those of `kling_auth.jwt.types.Options`; under
        ``{"verify_signature": False}`` nothing is verified that they do not name. ``leeway`` is
        in seconds, or a `timedelta`. ``verify`` does nothing but warn, as in PyJWT.

        Raises an `InvalidTokenError` that says what is wrong with the token, `InvalidKeyError`,
        or `TypeError` for an argument of the wrong type. Warns `InsecureKeyLengthWarning` below
        32 bytes of key.

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
        """What `decode` does, but return all of the token: payload, header and signature.

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
    """The header of the token ``jwt``, which anybody may have written: nothing is verified.

    Raises `DecodeError` for what is not a token, `InvalidTokenError` for a bad ``kid`` or
    ``crit``.

    >>> get_unverified_header(encode({}, "a secret of thirty-two characters", headers={"kid": "1"}))
    {'alg': 'HS256', 'kid': '1', 'typ': 'JWT'}
    """
