from ..errors import KlingAuthError

class PyJWTError(KlingAuthError):
    """The base class of all exceptions of ``kling_auth.jwt``.

    The message is the same as PyJWT's, since programs compare it. ``remedy`` says what to do about
    the error, or is ``""``. A traceback shows it as a note (Python 3.11 and later).
    """

    remedy: str
    def __init__(self, message: str = "", code: str | None = None, remedy: str = "") -> None: ...

class InvalidTokenError(PyJWTError):
    """The token is invalid. The subclass says why."""

class DecodeError(InvalidTokenError):
    """The token is malformed: its segments, its encoding, its JSON or the type of a claim."""

class InvalidSignatureError(DecodeError):
    """The token was signed with another key, or was changed."""

class DetachedPayloadError(DecodeError, NotImplementedError):
    """The payload is detached (``"b64": false``, RFC 7797), which only PyJWT supports."""

class ExpiredSignatureError(InvalidTokenError):
    """The token has expired: the time in ``exp`` has passed."""

class ImmatureSignatureError(InvalidTokenError):
    """The token is not valid yet: the time in ``nbf`` or ``iat`` is in the future."""

class InvalidIssuedAtError(InvalidTokenError):
    """``iat`` is not a number."""

class InvalidAudienceError(InvalidTokenError):
    """``aud`` has none of the expected audiences, or has one although none was expected."""

class InvalidIssuerError(InvalidTokenError):
    """``iss`` is not the expected issuer."""

class InvalidSubjectError(InvalidTokenError):
    """``sub`` is not a string, or not the expected subject."""

class InvalidJTIError(InvalidTokenError):
    """``jti`` is not a string."""

class MissingRequiredClaimError(InvalidTokenError):
    """A required claim is missing: ``claim`` is its name."""

    claim: str
    def __init__(self, claim: str) -> None: ...

class InvalidAlgorithmError(InvalidTokenError):
    """The token's ``alg`` is missing, or the caller does not allow it."""

class UnsupportedAlgorithmError(InvalidAlgorithmError, NotImplementedError):
    """The algorithm is not HS256. PyJWT supports it.

    PyJWT raises `NotImplementedError` in `encode` and `InvalidAlgorithmError` in `decode` for an
    unknown algorithm. This class is both.
    """

class InvalidKeyError(PyJWTError):
    """The key is not an HMAC secret, or is too short and the options require a length."""

class PyJWKError(PyJWTError):
    """Never raised here. It exists for ``except`` clauses."""

class MissingCryptographyError(PyJWKError):
    """Never raised here. It exists for ``except`` clauses."""

class PyJWKSetError(PyJWTError):
    """Never raised here. It exists for ``except`` clauses."""

class PyJWKClientError(PyJWTError):
    """Never raised here. It exists for ``except`` clauses."""

class PyJWKClientConnectionError(PyJWKClientError):
    """Never raised here. It exists for ``except`` clauses."""
