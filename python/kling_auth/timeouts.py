"""The timeout of a check's request: from DNS to the end of the body."""

from __future__ import annotations

import contextvars
import queue
import threading

from .failure import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from ._native import Request, _Response


def timeout_of(request: Request) -> float:
    """Return the timeout in seconds, at most what sockets and threads accept: about 24 days."""
    return min(request.timeout, _MAX_TIMEOUT)


def within(request: Request, exchange: Callable[[], _Response]) -> _Response:
    """Run an exchange within the request's timeout, and return or raise what it does.

    It runs in a thread, since there is no other way to limit a DNS lookup. After the timeout, the
    thread is abandoned.
    """
    outcome: queue.Queue[Any] = queue.Queue(1)
    context = contextvars.copy_context()

    def work() -> None:
        try:
            outcome.put((context.run(exchange), None))
        except BaseException as error:
            outcome.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        response, error = outcome.get(timeout=timeout_of(request))
    except queue.Empty:
        raise Failure("timeout") from None
    if error is not None:
        raise error
    returned: _Response = response
    return returned


# The largest number of milliseconds that `poll` accepts, in seconds.
_MAX_TIMEOUT = (2**31 - 1) / 1000
