"""Collects everything that a call outputs, to search it for secrets."""

import contextlib
import logging
import traceback
import warnings

import kling_auth


def chain(error):
    """The error and all errors that it wraps or replaces."""
    while error is not None:
        yield error
        yield from chain(error.__cause__)
        error = error.__context__


def texts_of(error, *, with_locals=True):
    """The texts of an error, with every frame and, if wanted, our local variables."""
    for link in chain(error):
        yield from (str(link), repr(link), repr(link.args), repr(vars(link)))
        yield from traceback.format_exception(type(link), link, link.__traceback__)
        if with_locals:
            summary = traceback.TracebackException.from_exception(link, capture_locals=True)
            package = kling_auth.__path__[0]
            yield from (str(f.locals) for f in summary.stack if f.filename.startswith(package))


class _Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.getMessage()}")


@contextlib.contextmanager
def logged(level=logging.DEBUG):
    """The lines that are logged meanwhile, each after its level."""
    logger, handler = logging.getLogger("kling_auth"), _Lines()
    before, logger.propagate = (logger.level, logger.propagate), False
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield handler.lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]


def outputs_of(call, arguments):
    """The texts of a call: its error with frames and local variables, its warnings and the log."""
    texts = []
    with warnings.catch_warnings(record=True) as caught, logged() as lines:
        warnings.simplefilter("always")
        try:
            result = call(**arguments)
        except Exception as error:
            texts += texts_of(error)
        else:
            texts += [] if isinstance(result, str) else [repr(result), str(result)]
    texts += [str(warning.message) for warning in caught]
    return texts + lines
