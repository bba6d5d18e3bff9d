"""PyJWT's exceptions, each with a stable code.

The class hierarchy is PyJWT's, so that an ``except`` clause catches the same errors. Its root is a
`KlingAuthError`. Each class has a ``code``. Some instances have a more exact one: that of a
`DecodeError` says which part of the token is invalid.
"""

from ..errors import KlingAuthError


class PyJWTError(KlingAuthError):
    """The base class of all exceptions of ``kling_auth.jwt``.

    The message is the same as PyJWT's, since programs compare it. ``remedy`` says what to do about
    the error, or is ``""``. A traceback shows it as a note (Python 3.11 and later).
    """

    code = "ERR_TOKEN_CLAIMS"
    remedy = ""

    def __init__(self, message="", code=None, remedy=""):
        super().__init__(message, code)
        if remedy:
            self.remedy = remedy
            if hasattr(self, "add_note"):
                self.add_note(remedy)


class InvalidTokenError(PyJWTError):
    """The token is invalid. The subclass says why."""


class DecodeError(InvalidTokenError):
    """The token is malformed: its segments, its encoding, its JSON or the type of a claim."""

    code = "ERR_TOKEN_ENCODING"


class InvalidSignatureError(DecodeError):
    """The token was signed with another key, or was changed."""

    code = "ERR_SIGNATURE"


class DetachedPayloadError(DecodeError, NotImplementedError):
    """The payload is detached (``"b64": false``, RFC 7797), which only PyJWT supports."""

    code = "ERR_TOKEN_HEADER"


class ExpiredSignatureError(InvalidTokenError):
    """The token has expired: the time in ``exp`` has passed."""

    code = "ERR_TOKEN_EXPIRED"


class ImmatureSignatureError(InvalidTokenError):
    """The token is not valid yet: the time in ``nbf`` or ``iat`` is in the future."""

    code = "ERR_TOKEN_NOT_YET_VALID"


class InvalidIssuedAtError(InvalidTokenError):
    """``iat`` is not a number."""

    code = "ERR_CLAIM_ISSUED_AT"


class InvalidAudienceError(InvalidTokenError):
    """``aud`` has none of the expected audiences, or has one although none was expected."""

    code = "ERR_CLAIM_AUDIENCE"


class InvalidIssuerError(InvalidTokenError):
    """``iss`` is not the expected issuer."""

    code = "ERR_CLAIM_ISSUER"


class InvalidSubjectError(InvalidTokenError):
    """``sub`` is not a string, or not the expected subject."""

    code = "ERR_CLAIM_SUBJECT"


class InvalidJTIError(InvalidTokenError):
    """``jti`` is not a string."""

    code = "ERR_CLAIM_JWT_ID"


class MissingRequiredClaimError(InvalidTokenError):
    """A required claim is missing: ``claim`` is its name."""

    code = "ERR_CLAIM_MISSING"

    def __init__(self, claim):
        super().__init__(claim)
        self.claim = claim

    def __str__(self):
        return f'Token is missing the "{self.claim}" claim'


class InvalidAlgorithmError(InvalidTokenError):
    """The token's ``alg`` is missing, or the caller does not allow it."""

    code = "ERR_ALGORITHM"


class UnsupportedAlgorithmError(InvalidAlgorithmError, NotImplementedError):
    """The algorithm is not HS256. PyJWT supports it.

    PyJWT raises `NotImplementedError` in `encode` and `InvalidAlgorithmError` in `decode` for an
    unknown algorithm. This class is both.
    """


class InvalidKeyError(PyJWTError):
    """The key is not an HMAC secret, or is too short and the options require a length."""

    code = "ERR_KEY_INVALID"


class PyJWKError(PyJWTError):
    """Never raised here. It exists for ``except`` clauses."""

    code = "ERR_KEY_INVALID"


class MissingCryptographyError(PyJWKError):
    """Never raised here. It exists for ``except`` clauses."""


class PyJWKSetError(PyJWTError):
    """Never raised here. It exists for ``except`` clauses."""

    code = "ERR_KEY_INVALID"


class PyJWKClientError(PyJWTError):
    """Never raised here. It exists for ``except`` clauses."""

    code = "ERR_KEY_INVALID"


class PyJWKClientConnectionError(PyJWKClientError):
    """Never raised here. It exists for ``except`` clauses."""
