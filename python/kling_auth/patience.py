"""How long a check waits: for one request, from the name's resolution to the end of the body."""

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
    """Return the timeout, or as much of it as sockets and threads can wait for: some 24 days."""
    return min(request.timeout, _MAX_TIMEOUT)


def within(request: Request, exchange: Callable[[], _Response]) -> _Response:
    """Return what an exchange returns within the request's timeout, and raise what it raises.

    A thread does it, since a name's lookup cannot be bounded otherwise; when the time is over it is
    left to itself.
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


# In milliseconds it is the largest number that `poll` takes.
_MAX_TIMEOUT = (2**31 - 1) / 1000
