"""PyJWT's warnings, for ``warnings.filterwarnings``."""


class InsecureKeyLengthWarning(UserWarning):
    """The HMAC key is shorter than 32 bytes, the minimum for HS256 (RFC 7518, section 3.2)."""


class RemovedInPyjwt3Warning(DeprecationWarning):
    """This use of `decode` will be an error in PyJWT 3."""
