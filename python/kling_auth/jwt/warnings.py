"""PyJWT's warnings by PyJWT's names, for ``warnings.filterwarnings``."""


class InsecureKeyLengthWarning(UserWarning):
    """The HMAC key is shorter than the 32 bytes that RFC 7518, section 3.2, asks of HS256."""


class RemovedInPyjwt3Warning(DeprecationWarning):
    """A use of `decode` that PyJWT 3 will refuse."""
