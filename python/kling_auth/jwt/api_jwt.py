"""`PyJWT` and the four functions, which are its methods with the default options.

The module has PyJWT's name, so that ``from jwt.api_jwt import …`` carries over as well.
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
    """The functions of this package with options of your own.

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
        # With PyJWT's options, and nothing of a subclass's in between, one call is enough.
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
        """What `decode` does, but return all of the token: payload, header and signature.

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
        """``options`` over those of this object.

        Where they take out the signature, they take out the claims that they do not name.
        """
        unasked = {}
        if not options.get("verify_signature", True):
            unasked = {name: False for name in self.options if name.startswith("verify_")}
        return {**self.options, **unasked, **options}

    def _encode_payload(self, payload, headers=None, json_encoder=None):
        """The bytes to sign for ``payload``. To be overridden, as in PyJWT, to compress them."""
        return dumps(payload, json_encoder)

    def _decode_payload(self, decoded):
        """The claims in ``decoded["payload"]``, bytes. To be overridden, as in PyJWT."""
        return _token.parse_object(decoded["payload"], "payload", "ERR_TOKEN_CLAIMS")


def get_unverified_header(jwt):
    """The header of the token ``jwt``, which anybody may have written: nothing is verified.

    Raises `DecodeError` for what is not a token, `InvalidTokenError` for a bad ``kid`` or
    ``crit``.

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
    """Warn, at the caller of `decode`, of the arguments that do nothing."""
    if unknown:
        _warn(
            f"decode knows nothing of {', '.join(unknown)}: PyJWT 3 will refuse it",
            RemovedInPyjwt3Warning,
        )
    if verify is not None and verify != verify_signature:
        _warn(
            'verify does nothing: use options={"verify_signature": False} to verify nothing',
            DeprecationWarning,
        )


def _warn(message, category):
    from warnings import warn

    warn(message, category, stacklevel=5)


_default = PyJWT()
encode = _default.encode
decode = _default.decode
decode_complete = _default.decode_complete
