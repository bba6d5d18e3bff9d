"""The time of the program under test: the real time, and what a test has moved it by.

The stand-in's time is moved with it. Waiting moves the time instead of the program, so that forty
minutes of polling take milliseconds. The time moves to the earliest end of a wait, and only when
everyone who takes part waits: each thread and each task that has waited before.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import sys
import threading
import time
import types
import weakref
from dataclasses import dataclass, field
from typing import Any, Callable

from .errors import KlingGateError

# Shorter waits are real: a loop that waits for a thread or a server ends by itself.
SHORT = 0.1
# How long a wait that cannot end yet looks away, in real seconds.
PAUSE = 0.001
# For how long after its last wait a thread or a task is expected to wait again, in real seconds.
# It may be the one that waits for the others to end, and never waits by itself.
PATIENCE = 0.2
# In the place of a time since when someone is awake.
ASLEEP = float("-inf")
# More than 300 years.
LONGEST = 1e10

# What is replaced, by name.
NAMES = ("time", "time_ns", "monotonic", "monotonic_ns", "sleep")
# pytest measures the time of the tests; the others wait for threads and clients.
UNTOUCHED = ("_pytest", "pytest", "kling_gate", "queue", "socketserver")

_time, _time_ns, _sleep = time.time, time.time_ns, time.sleep
_monotonic, _monotonic_ns = time.monotonic, time.monotonic_ns
_async_sleep = asyncio.sleep
_loop: Any = asyncio.BaseEventLoop
_loop_time = _loop.time


@dataclass(order=True)
class _Wait:
    """One wait: how far the time is moved when it ends, and a number for the order."""

    until: float
    number: int
    # Of an event loop: one that has ended leaves its waits behind.
    loop: Any = field(compare=False)
    # Which taking over of the time it belongs to.
    taking: int = field(compare=False)
    # One whose loop pauses is not among the waits until it looks again.
    is_listed: bool = field(compare=False, default=True)

    def is_alive(self) -> bool:
        return self.loop is None or self.loop.is_running()


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
        self._waits: list[_Wait] = []
        # How many times the time was taken over. A wait of an earlier time has ended.
        self._taking = 0
        # Who takes part, threads and tasks, and since when each is awake, in real seconds.
        self._awake: weakref.WeakKeyDictionary[Any, float] = weakref.WeakKeyDictionary()
        self._numbers = itertools.count()
        # How long the stand-in delays an answer.
        self._delay = 0.0
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
        self._advance_to(self._moved + _checked(seconds))

    def at(self, seconds: float, function: Callable[[], object]) -> None:
        """Call a function when the time has been moved on by so many seconds from now.

        ``gate.clock.at(1200, gate.rotate)`` rotates the keys while the program polls.
        """
        if not callable(function):
            raise TypeError("pass a function, as in gate.clock.at(1200, gate.rotate)")
        with self._lock:
            moment = self._moved + _checked(seconds)
            heapq.heappush(self._events, (moment, next(self._numbers), function))

    def _advance_to(self, until: float) -> None:
        while True:
            with self._lock:
                event = None
                if self._events and self._events[0][0] <= until:
                    event = heapq.heappop(self._events)
                self._move(event[0] if event else until)
            if event is None:
                return
            # Without the lock: it may wait for another thread, which waits by this clock.
            event[2]()

    def _move(self, moved: float) -> None:
        if moved > self._moved:
            for follow in self._followers:
                follow(moved)
            self._moved = moved

    def _attach(self, follow: Callable[[float], None]) -> None:
        """Let a stand-in follow."""
        with self._lock:
            if not self._followers:
                self._refuse_another_clock()
                self._moved = 0.0
                self._delay = 0.0
                self._taking += 1
                self._events.clear()
                self._waits.clear()
                self._awake.clear()
                _replace(self._functions)
                _loop.time = _real_loop_time
            self._followers.append(follow)
            # The test's own thread may send the first request before it waits.
            self._awake[threading.current_thread()] = _monotonic()
            if self._moved:
                follow(self._moved)

    def _refuse_another_clock(self) -> None:
        machine = sys.modules.get("time_machine")
        if machine is not None and machine.escape_hatch.is_travelling():
            raise KlingGateError("the time is set by time-machine: use gate.clock in its place")
        # A test's patch may have restored ours after the last stand-in.
        is_ours = time.time in self._functions.values()
        if not is_ours and not isinstance(time.time, types.BuiltinFunctionType):
            raise KlingGateError("time.time is replaced: use gate.clock in the place of freezegun")

    def _detach(self, follow: Callable[[float], None]) -> None:
        """Forget a stand-in. After the last one, the real time is back."""
        with self._lock:
            self._followers.remove(follow)
            if not self._followers:
                _replace({ours: real for real, ours in self._functions.items()})
                _loop.time = _loop_time
                self._moved = 0.0

    def _wait(self, seconds: float, /) -> None:
        # The real one also refuses what is not a time. A name that a program has kept is real
        # when no stand-in runs.
        if not seconds > SHORT or not self._followers:
            _sleep(seconds)
            return
        sleeper = threading.current_thread()
        wait = self._begin(sleeper, seconds, None)
        try:
            while not self._ends(wait):
                _sleep(PAUSE)
        finally:
            self._end(sleeper, wait)

    async def _wait_in_loop(self, delay: float, result: Any = None) -> Any:
        if not delay > SHORT or not self._followers:
            return await _async_sleep(delay, result)
        loop = asyncio.get_running_loop()
        with self._lock:
            for task in asyncio.all_tasks(loop):
                # One that has not waited yet may be about to send its first request.
                self._awake.setdefault(task, _monotonic())
            # It waits in its loop, not as a thread.
            self._awake[threading.current_thread()] = ASLEEP
        sleeper = asyncio.current_task()
        wait = self._begin(sleeper, delay, loop)
        try:
            await _async_sleep(0)
            while not self._ends(wait):
                await _async_sleep(PAUSE)
        finally:
            self._end(sleeper, wait)
        return result

    def _begin(self, sleeper: Any, seconds: float, loop: Any) -> _Wait:
        with self._lock:
            self._awake[sleeper] = ASLEEP
            until = self._moved + _checked(seconds)
            wait = _Wait(until, next(self._numbers), loop, self._taking)
            heapq.heappush(self._waits, wait)
            return wait

    def _ends(self, wait: _Wait) -> bool:
        """Whether a wait is over. If only waiting is left to do, the time moves to its end."""
        with self._lock:
            has_ended = not self._followers or wait.taking != self._taking
            if has_ended or self._moved >= wait.until:
                return True
            if not wait.is_listed:
                heapq.heappush(self._waits, wait)
                wait.is_listed = True
            while not self._waits[0].is_alive():
                heapq.heappop(self._waits).is_listed = False
            if self._waits[0] is not wait or self._is_anyone_busy():
                return False
        self._advance_to(wait.until)
        return True

    def _is_anyone_busy(self) -> bool:
        since = _monotonic() - PATIENCE - self._delay
        return any(awake > since and _is_alive(one) for one, awake in list(self._awake.items()))

    def _end(self, sleeper: Any, wait: _Wait) -> None:
        with self._lock:
            if wait in self._waits:
                self._waits.remove(wait)
                heapq.heapify(self._waits)
            self._awake[sleeper] = _monotonic()


def _checked(seconds: float) -> float:
    if not 0 <= seconds <= LONGEST:
        raise ValueError(f"seconds must be from 0 to {LONGEST:.0f}; gate.skew() sets a difference")
    return seconds


def _is_alive(one: Any) -> bool:
    return one.is_alive() if isinstance(one, threading.Thread) else not one.done()


def _real_loop_time(loop: asyncio.BaseEventLoop) -> float:
    return _monotonic()


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
