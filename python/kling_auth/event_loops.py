"""Timeouts, threads and sleep in an event loop of asyncio or trio."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading

from .failure import Failure
from .timeouts import timeout_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Coroutine

    from ._native import Request, _Response


async def awithin(request: Request, exchange: Coroutine[Any, Any, _Response]) -> _Response:
    """Run an exchange within the request's timeout, and return or raise what it does."""
    if not is_asyncio():
        import trio

        with trio.move_on_after(timeout_of(request)):
            return await exchange
        raise Failure("timeout")
    try:
        # A task of its own has no earlier exception as context, which `name_of` would read.
        return await asyncio.wait_for(asyncio.ensure_future(exchange), timeout_of(request))
    except asyncio.TimeoutError:
        raise Failure("timeout") from None


async def in_thread(work: Callable[[], _Response]) -> _Response:
    """Run a function in a thread and await the result. If cancelled, the thread is abandoned."""
    if not is_asyncio():
        import trio

        return await trio.to_thread.run_sync(work, abandon_on_cancel=True)
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_Response] = loop.create_future()

    def settle(response: Any, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is None:
            future.set_result(response)
        else:
            future.set_exception(error)

    def run() -> None:
        try:
            outcome: tuple[Any, BaseException | None] = (work(), None)
        except BaseException as error:
            outcome = (None, error)
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True).start()
    return await future


async def asleep(seconds: float) -> None:
    """Sleep for a number of seconds."""
    if is_asyncio():
        await asyncio.sleep(seconds)
    else:
        import trio

        await trio.sleep(seconds)


def is_asyncio() -> bool:
    """Say whether the running event loop is asyncio's. If not, it is trio's."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return "trio" not in sys.modules
    return True
