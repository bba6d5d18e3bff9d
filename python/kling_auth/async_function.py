"""An asynchronous ``credentials`` function: one call serves all requests that wait for it.

Requests of all threads and event loops share one reload. It continues if the request that started
it is cancelled, since other requests need the result.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import Future

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._native import Verdict
    from .auth import KlingAuth

# How often, in seconds, a waiting request checks that the reload can still end.
_CHECK_INTERVAL = 1


class AsyncFunction(_native.AsyncFunction):
    """Wraps an asynchronous function, so that the native class can hold it."""

    __slots__ = ("reloads",)

    def __init__(self, function: Any) -> None:
        """The function returns credentials, or an awaitable of them."""
        # A dict, since `setdefault` lets exactly one thread start a reload, without a lock.
        self.reloads: dict[str, _Reload] = {}

    async def fetch(self) -> Any:
        """Call the function, and await the result if needed."""
        returned = self.function()
        return await returned if hasattr(returned, "__await__") else returned

    async def reload(self, auth: KlingAuth, verdict: Verdict, token: str) -> None:
        """Start a reload if one is due, or wait for the one that is running."""
        own = _Reload()
        reload = self.reloads.setdefault("now", own)
        if reload is not own and reload.is_dead():
            self.reloads.pop("now", None)
            reload = self.reloads.setdefault("now", own)
        if reload is own:
            if not _native.claim_reload(auth, verdict, token):
                self._end(reload)
                return
            await reload.begin(self._apply(auth, reload))
        else:
            await reload.wait()
        _native.log_events()

    async def _apply(self, auth: KlingAuth, reload: _Reload) -> None:
        native = _native.Reload(auth)
        try:
            native.apply(await self.fetch())
        except Exception as error:
            native.fail(error)
        finally:
            self._end(reload)

    def _end(self, reload: _Reload) -> None:
        if self.reloads.get("now") is reload:
            self.reloads.pop("now", None)
        reload.over.set_result(None)


class _Reload:
    """One call of the function, and a future for those who wait for it."""

    def __init__(self) -> None:
        self.over: Future[None] = Future()
        self.over.set_running_or_notify_cancel()  # so that a waiting request cannot cancel it
        self._process = os.getpid()
        self._loop = _running_loop()
        self._task: asyncio.Task[None] | None = None

    def is_dead(self) -> bool:
        """Say whether it cannot end: it started before a fork, or its event loop is closed."""
        is_elsewhere = self._process != os.getpid()
        return is_elsewhere or (self._loop is not None and self._loop.is_closed())

    async def begin(self, work: Any) -> None:
        """Do the work, and continue if the waiting request is cancelled."""
        if self._loop is None:
            await work  # in trio, every task has a parent
            return
        self._task = self._loop.create_task(work)
        await asyncio.shield(self._task)

    async def wait(self) -> None:
        """Wait until the work is done, in this or another thread."""
        loop = _running_loop()
        if loop is None:
            import anyio  # installed with httpx, which this runs under

            while not self.over.done() and not self.is_dead():
                await anyio.sleep(0.01)
            return
        end = asyncio.wrap_future(self.over, loop=loop)
        while not self.over.done() and not self.is_dead():
            await asyncio.wait([end], timeout=_CHECK_INTERVAL)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


async def make(cls: Any, credentials: Any, options: dict[str, Any]) -> Any:
    """Create an object of a class, with the credentials that the function returns."""
    function = AsyncFunction(credentials)
    function.give(await function.fetch())
    return cls(credentials=function, **options)


async def rotate(auth: KlingAuth) -> None:
    """Replace the credentials with those that the function returns now."""
    function = _native.async_function(auth)
    if function is None:
        auth.rotate()
        return
    reload = _native.Reload(auth)
    reload.apply(await function.fetch())
    _native.warn_of_events()


async def handle_response(
    auth: KlingAuth,
    status: int,
    headers: Any,
    body: Any,
    token: str | None,
    sent: str | None,
) -> Verdict:
    """Handle a response, and reload the credentials if Kling does not know them."""
    function = _native.async_function(auth)
    if function is not None and token is None:
        from .adapters.exchange import hidden

        token = hidden(auth.token)
    verdict = _native.handle_response(auth, status, headers, body, token=token, sent=sent)
    if function is not None and token:
        if _native.is_unknown(auth, verdict, token):
            await function.reload(auth, verdict, token)
        if _native.is_unknown(auth, verdict, token) is False:
            verdict = _native.retry(auth, verdict)
    _native.log_events()
    return verdict
