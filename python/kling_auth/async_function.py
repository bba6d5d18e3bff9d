"""An asynchronous ``credentials`` function: asked by one request, however many wait for it.

Requests of all threads and event loops share one look. It goes on when the request that began it is
cancelled: those that wait for it, and those that come later, need what it brings.
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

# How often, in seconds, those who wait for a look make sure that it can still end.
_PATIENCE = 1


class AsyncFunction(_native.AsyncFunction):
    """Stands for an asynchronous function where the native class holds a function."""

    __slots__ = ("reloads",)

    def __init__(self, function: Any) -> None:
        """Take the function; it may return credentials, or something to await for them."""
        # A dict, since one of several threads can put a look into it without a lock.
        self.reloads: dict[str, _Reload] = {}

    async def ask(self) -> Any:
        """Return what the function returns in the end."""
        returned = self.function()
        return await returned if hasattr(returned, "__await__") else returned

    async def rediscover(self, auth: KlingAuth, verdict: Verdict, token: str) -> None:
        """Wait until the function was asked, if it is time for that or it is being asked."""
        fresh = _Reload()
        look = self.reloads.setdefault("now", fresh)
        if look is not fresh and look.is_dead():
            self.reloads.pop("now", None)
            look = self.reloads.setdefault("now", fresh)
        if look is fresh:
            if not auth._claim_reload(verdict, token):
                self._end(look)
                return
            await look.begin(self._apply(auth, look))
        else:
            await look.wait()
        auth._log()

    async def _apply(self, auth: KlingAuth, look: _Reload) -> None:
        begun = _native.Reload(auth)
        try:
            begun.apply(await self.ask())
        except Exception as error:
            begun.fail(error)
        finally:
            self._end(look)

    def _end(self, look: _Reload) -> None:
        if self.reloads.get("now") is look:
            self.reloads.pop("now", None)
        look.over.set_result(None)


class _Reload:
    """One asking of the function, and the end that others wait for."""

    def __init__(self) -> None:
        self.over: Future[None] = Future()
        self.over.set_running_or_notify_cancel()  # so that none who waits can cancel it
        self._process = os.getpid()
        self._loop = _running_loop()
        self._task: asyncio.Task[None] | None = None

    def is_dead(self) -> bool:
        """Say whether it cannot end: it was begun before a fork, or its loop was closed."""
        is_elsewhere = self._process != os.getpid()
        return is_elsewhere or (self._loop is not None and self._loop.is_closed())

    async def begin(self, work: Any) -> None:
        """Do the work, and see it through when whoever waits for it is cancelled."""
        if self._loop is None:
            await work  # of trio, which has no task without an owner
            return
        self._task = self._loop.create_task(work)
        await asyncio.shield(self._task)

    async def wait(self) -> None:
        """Wait until the work is done, by whichever thread."""
        loop = _running_loop()
        if loop is None:
            import anyio  # it is there: httpx is what runs on trio

            while not self.over.done() and not self.is_dead():
                await anyio.sleep(0.01)
            return
        end = asyncio.wrap_future(self.over, loop=loop)
        while not self.over.done() and not self.is_dead():
            await asyncio.wait([end], timeout=_PATIENCE)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


async def make(cls: Any, credentials: Any, options: dict[str, Any]) -> Any:
    """Return an object of a class of ``KlingAuth``, with what the function returns."""
    asked = AsyncFunction(credentials)
    asked.give(await asked.ask())
    return cls(credentials=asked, **options)


async def rotate(auth: KlingAuth) -> None:
    """Go on with what the function returns now."""
    asked = auth._async_function
    if asked is None:
        auth.rotate()
        return
    look = _native.Reload(auth)
    look.apply(await asked.ask())
    auth._warn()


async def handle_response(
    auth: KlingAuth,
    status: int,
    headers: Any,
    body: Any,
    token: str | None,
    sent: str | None,
) -> Verdict:
    """Take in a response, and wait for other credentials where Kling does not know these."""
    asked = auth._async_function
    if asked is not None and token is None:
        from .adapters.exchange import hidden

        token = hidden(auth.token)
    verdict = auth._handle_response(status, headers, body, token=token, sent=sent)
    if asked is not None and token:
        if auth._is_unknown(verdict, token):
            await asked.rediscover(auth, verdict, token)
        if auth._is_unknown(verdict, token) is False:
            verdict = auth._retry(verdict)
    auth._log()
    return verdict
