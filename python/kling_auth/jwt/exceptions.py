"""PyJWT's exceptions by PyJWT's names, each with a stable code.

The tree is PyJWT's, so that an ``except`` clause written for it catches here what it caught
there. Its root is a `KlingAuthError`. The ``code`` of a class is what its instances carry unless
the place that raises knows better: a `DecodeError` tells which part of the token was at fault.
"""

from ..errors import KlingAuthError


class PyJWTError(KlingAuthError):
    """The root of all the exceptions of this package.

    The message is PyJWT's, word for word, since programs return and match it. What there is to do
    about it, where PyJWT does not say, is the ``remedy``, which a traceback shows as a note (from
    Python 3.11 on).
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
    """The token is not to be accepted; the subclasses say why."""


class DecodeError(InvalidTokenError):
    """The token is malformed: its segments, its encoding, its JSON or the type of a claim."""

    code = "ERR_TOKEN_ENCODING"


class InvalidSignatureError(DecodeError):
    """Another key signed the token, or it was changed since."""

    code = "ERR_SIGNATURE"


class DetachedPayloadError(DecodeError, NotImplementedError):
    """The payload is detached (``"b64": false``, RFC 7797), which is PyJWT's to handle."""

    code = "ERR_TOKEN_HEADER"


class ExpiredSignatureError(InvalidTokenError):
    """The time in ``exp`` has come."""

    code = "ERR_TOKEN_EXPIRED"


class ImmatureSignatureError(InvalidTokenError):
    """The time in ``nbf`` or ``iat`` has not come yet."""

    code = "ERR_TOKEN_NOT_YET_VALID"


class InvalidIssuedAtError(InvalidTokenError):
    """``iat`` is not a number."""

    code = "ERR_CLAIM_ISSUED_AT"


class InvalidAudienceError(InvalidTokenError):
    """``aud`` names none of the expected audiences, or names one that nobody expected."""

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
    """A claim that has to be there is not: ``claim`` is its name."""

    code = "ERR_CLAIM_MISSING"

    def __init__(self, claim):
        super().__init__(claim)
        self.claim = claim

    def __str__(self):
        return f'Token is missing the "{self.claim}" claim'


class InvalidAlgorithmError(InvalidTokenError):
    """The token's ``alg`` is missing or not one of those that the caller allows."""

    code = "ERR_ALGORITHM"


class UnsupportedAlgorithmError(InvalidAlgorithmError, NotImplementedError):
    """Another algorithm than HS256, asked for or allowed by the caller: PyJWT has it.

    PyJWT raises `NotImplementedError` from `encode` and `InvalidAlgorithmError` from `decode` for
    an algorithm that it does not have. This is both.
    """


class InvalidKeyError(PyJWTError):
    """The key cannot be an HMAC secret, or is too short where the options demand a length."""

    code = "ERR_KEY_INVALID"


class PyJWKError(PyJWTError):
    """Never raised here: for ``except`` clauses that name it."""

    code = "ERR_KEY_INVALID"


class MissingCryptographyError(PyJWKError):
    """Never raised here: for ``except`` clauses that name it."""


class PyJWKSetError(PyJWTError):
    """Never raised here: for ``except`` clauses that name it."""

    code = "ERR_KEY_INVALID"


class PyJWKClientError(PyJWTError):
    """Never raised here: for ``except`` clauses that name it."""

    code = "ERR_KEY_INVALID"


class PyJWKClientConnectionError(PyJWKClientError):
    """Never raised here: for ``except`` clauses that name it."""
