"""Empty classes in place of those of clients that are not installed. Each base must differ."""


class OfHttpx:
    """In place of ``httpx.Auth``."""


class OfHttpx2:
    """In place of ``httpx2.Auth``."""


class OfHttpxyz:
    """In place of ``httpxyz.Auth``."""


class OfRequests:
    """In place of ``requests.auth.AuthBase``."""
