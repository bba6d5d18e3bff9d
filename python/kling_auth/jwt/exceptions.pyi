from ..errors import KlingAuthError

class PyJWTError(KlingAuthError):
    """The root of all the exceptions of this package.

    The message is PyJWT's, word for word, since programs return and match it. What there is to do
    about it, where PyJWT does not say, is the ``remedy``, which a traceback shows as a note (from
    Python 3.11 on).
    """

    remedy: str
    def __init__(self, message: str = "", code: str | None = None, remedy: str = "") -> None: ...

class InvalidTokenError(PyJWTError):
    """The token is not to be accepted; the subclasses say why."""

class DecodeError(InvalidTokenError):
    """The token is malformed: its segments, its encoding, its JSON or the type of a claim."""

class InvalidSignatureError(DecodeError):
    """Another key signed the token, or it was changed since."""

class DetachedPayloadError(DecodeError, NotImplementedError):
    """The payload is detached (``"b64": false``, RFC 7797), which is PyJWT's to handle."""

class ExpiredSignatureError(InvalidTokenError):
    """The time in ``exp`` has come."""

class ImmatureSignatureError(InvalidTokenError):
    """The time in ``nbf`` or ``iat`` has not come yet."""

class InvalidIssuedAtError(InvalidTokenError):
    """``iat`` is not a number."""

class InvalidAudienceError(InvalidTokenError):
    """``aud`` names none of the expected audiences, or names one that nobody expected."""

class InvalidIssuerError(InvalidTokenError):
    """``iss`` is not the expected issuer."""

class InvalidSubjectError(InvalidTokenError):
    """``sub`` is not a string, or not the expected subject."""

class InvalidJTIError(InvalidTokenError):
    """``jti`` is not a string."""

class MissingRequiredClaimError(InvalidTokenError):
    """A claim that has to be there is not: ``claim`` is its name."""

    claim: str
    def __init__(self, claim: str) -> None: ...

class InvalidAlgorithmError(InvalidTokenError):
    """The token's ``alg`` is missing or not one of those that the caller allows."""

class UnsupportedAlgorithmError(InvalidAlgorithmError, NotImplementedError):
    """Another algorithm than HS256, asked for or allowed by the caller: PyJWT has it.

    PyJWT raises `NotImplementedError` from `encode` and `InvalidAlgorithmError` from `decode` for
    an algorithm that it does not have. This is both.
    """

class InvalidKeyError(PyJWTError):
    """The key cannot be an HMAC secret, or is too short where the options demand a length."""

class PyJWKError(PyJWTError):
    """Never raised here: for ``except`` clauses that name it."""

class MissingCryptographyError(PyJWKError):
    """Never raised here: for ``except`` clauses that name it."""

class PyJWKSetError(PyJWTError):
    """Never raised here: for ``except`` clauses that name it."""

class PyJWKClientError(PyJWTError):
    """Never raised here: for ``except`` clauses that name it."""

class PyJWKClientConnectionError(PyJWKClientError):
    """Never raised here: for ``except`` clauses that name it."""
