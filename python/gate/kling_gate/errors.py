"""The error of this package."""


class KlingGateError(Exception):
    """The stand-in cannot start, or cannot do what a test asks for. The text says what to do."""
