"""The time of the program under test: the real time, and what a test has moved it by.

The stand-in's time is moved with it. Waiting moves the time instead of the program, so that forty
minutes of polling take milliseconds.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import sys
import threading
import time
import types
from typing import Any, Callable

from .errors import KlingGateError

# Shorter waits are real: a loop that waits for a thread or a server ends by itself.
SHORT = 0.1
# How long a wait in an event loop lets the other tasks work, in real seconds.
PAUSE = 0.0005

# What is replaced, by name.
NAMES = ("time", "time_ns", "monotonic", "monotonic_ns", "sleep")
# pytest measures the time of the tests; the others wait for threads and clients.
UNTOUCHED = ("_pytest", "pytest", "kling_gate", "queue", "socketserver")

_time, _time_ns, _sleep = time.time, time.time_ns, time.sleep
_monotonic, _monotonic_ns = time.monotonic, time.monotonic_ns
_async_sleep = asyncio.sleep
_loop: Any = asyncio.BaseEventLoop
_loop_time = _loop.time


class Clock:
    """The time of the program under test.

    While a stand-in runs, ``time.time()`` and ``time.monotonic()`` are the real time and what was
    moved, and ``time.sleep()`` and ``asyncio.sleep()`` move the time instead of waiting, if they
    are for more than 0.1 seconds. ``datetime`` and the timeouts of HTTP clients keep the real time.
    """

    def __init__(self) -> None:
        self._moved = 0.0
        self._lock = threading.RLock()
        self._followers: list[Callable[[float], None]] = []
        # Functions to call: how far the time is moved then, and a number.
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        # Tasks that sleep in an event loop: how far the time is moved when they wake, and a number.
        self._sleepers: list[tuple[float, int]] = []
        self._numbers = itertools.count()
        # What is in the place of each function. Made once, so that it is found again.
        self._functions: dict[Any, Any] = {
            _time: self.now,
            _time_ns: lambda: _time_ns() + round(self._moved * 1e9),
            _monotonic: lambda: _monotonic() + self._moved,
            _monotonic_ns: lambda: _monotonic_ns() + round(self._moved * 1e9),
            _sleep: self._wait,
            _async_sleep: self._wait_in_loop,
        }

    def now(self) -> float:
        """Return the time of the program under test, in Unix seconds."""
        return _time() + self._moved

    def advance(self, seconds: float) -> None:
        """Move the time on, for the program under test and the stand-in."""
        if not seconds >= 0:
            raise ValueError("seconds must be 0 or more; gate.skew() sets a difference")
        with self._lock:
            until = self._moved + seconds
            while self._events and self._events[0][0] <= until:
                moment, _, function = heapq.heappop(self._events)
                self._move(max(moment, self._moved))
                function()
            self._move(max(until, self._moved))

    def at(self, seconds: float, function: Callable[[], object]) -> None:
        """Call a function when the time has been moved on by so many seconds from now.

        ``gate.clock.at(1200, gate.rotate)`` rotates the keys while the program polls.
        """
        with self._lock:
            moment = self._moved + seconds
            heapq.heappush(self._events, (moment, next(self._numbers), function))

    def _move(self, moved: float) -> None:
        self._moved = moved
        for follow in self._followers:
            follow(moved)

    def _attach(self, follow: Callable[[float], None]) -> None:
        """Let a stand-in follow."""
        with self._lock:
            if not self._followers:
                _refuse_another_clock()
                self._moved = 0.0
                self._events.clear()
                self._sleepers.clear()
                _replace(self._functions)
                _loop.time = _real_loop_time
            self._followers.append(follow)
            if self._moved:
                follow(self._moved)

    def _detach(self, follow: Callable[[float], None]) -> None:
        """Forget a stand-in. After the last one, the real time is back."""
        with self._lock:
            self._followers.remove(follow)
            if not self._followers:
                _replace({ours: real for real, ours in self._functions.items()})
                _loop.time = _loop_time
                self._moved = 0.0

    def _wait(self, seconds: float, /) -> None:
        if seconds <= SHORT:
            _sleep(seconds)
            return
        # Threads that wait at the same time wake at the same time.
        wakes = self._moved + seconds
        _sleep(0)
        with self._lock:
            self.advance(max(0.0, wakes - self._moved))

    async def _wait_in_loop(self, delay: float, result: Any = None) -> Any:
        if delay <= SHORT:
            return await _async_sleep(delay, result)
        sleeper = (self._moved + delay, next(self._numbers))
        heapq.heappush(self._sleepers, sleeper)
        try:
            # The others first, in the order in which they wake.
            await _async_sleep(PAUSE)
            while self._sleepers and self._sleepers[0] < sleeper:
                await _async_sleep(PAUSE)
            self.advance(max(0.0, sleeper[0] - self._moved))
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)
                heapq.heapify(self._sleepers)
        return result


def _real_loop_time(loop: asyncio.BaseEventLoop) -> float:
    return _monotonic()


def _refuse_another_clock() -> None:
    machine = sys.modules.get("time_machine")
    if machine is not None and machine.escape_hatch.is_travelling():
        raise KlingGateError("the time is set by time-machine: use gate.clock in its place")
    if not isinstance(time.time, types.BuiltinFunctionType):
        raise KlingGateError("time.time is replaced: use gate.clock in the place of freezegun")


def _replace(functions: dict[Any, Any]) -> None:
    """Replace functions in all modules, also where ``from time import sleep`` has put them."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in UNTOUCHED or not isinstance(module, types.ModuleType):
            continue
        namespace = vars(module)
        for attribute in NAMES:
            value = namespace.get(attribute)
            if isinstance(value, _KINDS) and value in functions:
                namespace[attribute] = functions[value]


_KINDS = (types.BuiltinFunctionType, types.FunctionType, types.MethodType)

clock = Clock()
