"""What stands for the class of a client that is not there: one each, since no base comes twice."""


class OfHttpx:
    """In place of ``httpx.Auth``."""


class OfHttpx2:
    """In place of ``httpx2.Auth``."""


class OfHttpxyz:
    """In place of ``httpxyz.Auth``."""


class OfRequests:
    """In place of ``requests.auth.AuthBase``."""
