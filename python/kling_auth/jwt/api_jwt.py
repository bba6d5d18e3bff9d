"""`PyJWT` and the four functions, which are its methods with the default options.

The module has the same name as in PyJWT, for ``from jwt.api_jwt import …``.
"""

from .._native import jwt_encode, jwt_encode_fast
from . import _token
from ._claims import validate
from ._header import check_algorithm, encode_header
from ._json import dumps
from ._keys import secret_bytes
from ._payload import ready
from .exceptions import DecodeError, DetachedPayloadError
from .warnings import RemovedInPyjwt3Warning


class PyJWT:
    """Encode and decode tokens with your own default options.

    >>> strict = PyJWT({"require": ["exp"], "enforce_minimum_key_length": True})
    >>> strict.encode({}, "a short key")
    Traceback (most recent call last):
        ...
    kling_auth.jwt.exceptions.InvalidKeyError: The HMAC key is 11 bytes long, which is below \
the minimum recommended length of 32 bytes for SHA256. See RFC 7518 Section 3.2.
    """

    def __init__(self, options=None):
        self.options = {
            "verify_signature": True,
            "verify_exp": True,
            "verify_nbf": True,
            "verify_iat": True,
            "verify_aud": True,
            "verify_iss": True,
            "verify_sub": True,
            "verify_jti": True,
            "require": [],
            "strict_aud": False,
            "enforce_minimum_key_length": False,
        }
        if options is not None:
            self.options = self._merged(options)

    def encode(
        self,
        payload,
        key,
        algorithm="HS256",
        headers=None,
        json_encoder=None,
        sort_headers=True,
    ):
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
        # With the default options and no subclass, the fast path can be used.
        if self is _default and json_encoder is None and sort_headers:
            token = jwt_encode_fast(payload, key, algorithm, headers)
            if token is not None:
                return token
        claims = self._encode_payload(ready(payload), headers, json_encoder)
        header = encode_header(algorithm, headers, json_encoder, sort_headers)
        secret = secret_bytes(key, self.options["enforce_minimum_key_length"], 3)
        return jwt_encode(header, claims, secret)

    def decode(
        self,
        jwt,
        key="",
        algorithms=None,
        options=None,
        verify=None,
        detached_payload=None,
        audience=None,
        subject=None,
        issuer=None,
        leeway=0,
        **kwargs,
    ):
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
        return self._decode(
            jwt, key, algorithms, options, verify, detached_payload,
            (audience, issuer, subject, leeway), kwargs,
        )["payload"]  # fmt: skip

    def decode_complete(
        self,
        jwt,
        key="",
        algorithms=None,
        options=None,
        verify=None,
        detached_payload=None,
        audience=None,
        issuer=None,
        subject=None,
        leeway=0,
        **kwargs,
    ):
        """Verify a token as `decode` does, and return a dict of payload, header and signature.

        >>> key = "a secret of thirty-two characters"
        >>> whole = decode_complete(encode({}, key), key, algorithms=["HS256"])
        >>> whole["header"], whole["payload"], len(whole["signature"])
        ({'alg': 'HS256', 'typ': 'JWT'}, {}, 32)
        """
        return self._decode(
            jwt, key, algorithms, options, verify, detached_payload,
            (audience, issuer, subject, leeway), kwargs,
        )  # fmt: skip

    def _decode(self, jwt, key, algorithms, options, verify, detached_payload, expected, unknown):
        verify_signature = options is None or options.get("verify_signature", True)
        _warn_of_arguments(verify, verify_signature, unknown)
        options = self.options if options is None else self._merged(options)
        if verify_signature and not algorithms:
            raise DecodeError(
                'It is required that you pass in a value for the "algorithms" argument when '
                "calling decode().",
                "ERR_ALGORITHM",
                remedy='pass algorithms=["HS256"]',
            )

        token, header, payload, signature = _token.load(jwt)
        _check_attached(header, detached_payload)
        if verify_signature:
            check_algorithm(header, algorithms)
            secret = secret_bytes(key, options["enforce_minimum_key_length"], 4)
            _token.verify(token, secret)

        decoded = {"payload": payload, "header": header, "signature": signature}
        decoded["payload"] = self._decode_payload(decoded)
        validate(decoded["payload"], options, *expected)
        return decoded

    def _merged(self, options):
        """Merge ``options`` into those of this object.

        If they turn off the signature, they turn off all checks of claims that they do not list.
        """
        unasked = {}
        if not options.get("verify_signature", True):
            unasked = {name: False for name in self.options if name.startswith("verify_")}
        return {**self.options, **unasked, **options}

    def _encode_payload(self, payload, headers=None, json_encoder=None):
        """Return the bytes to sign. A subclass may override this, as in PyJWT, to compress them."""
        return dumps(payload, json_encoder)

    def _decode_payload(self, decoded):
        """Return the claims of a decoded token. A subclass may override this, as in PyJWT."""
        return _token.parse_object(decoded["payload"], "payload", "ERR_TOKEN_CLAIMS")


def get_unverified_header(jwt):
    """Return the header of a token without verifying it: anyone may have written it.

    Args:
        jwt: The token.

    Raises:
        DecodeError: The string is not a token.
        InvalidTokenError: ``kid`` or ``crit`` is invalid.

    >>> get_unverified_header(encode({}, "a secret of thirty-two characters", headers={"kid": "1"}))
    {'alg': 'HS256', 'kid': '1', 'typ': 'JWT'}
    """
    return _token.load(jwt)[1]


def _check_attached(header, detached_payload):
    if header.get("b64", True) is False:
        raise DetachedPayloadError("the token's payload is detached (b64: false): use PyJWT for it")
    if detached_payload is not None:
        raise DecodeError(
            'It is only valid to pass "detached_payload" when the protected header has "b64" set '
            "to false.",
            "ERR_TOKEN_HEADER",
        )


def _warn_of_arguments(verify, verify_signature, unknown):
    """Warn the caller of `decode` about arguments that have no effect."""
    if unknown:
        _warn(
            f"decode does not know {', '.join(unknown)}: PyJWT 3 will refuse it",
            RemovedInPyjwt3Warning,
        )
    if verify is not None and verify != verify_signature:
        _warn(
            'verify has no effect: use options={"verify_signature": False} to verify nothing',
            DeprecationWarning,
        )


def _warn(message, category):
    from warnings import warn

    warn(message, category, stacklevel=5)


_default = PyJWT()
encode = _default.encode
decode = _default.decode
decode_complete = _default.decode_complete
