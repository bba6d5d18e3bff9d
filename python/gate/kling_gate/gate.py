"""A running stand-in, and how a test controls it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import environment
from .callback import Callback, SentCallback
from .clock import Clock, clock
from .errors import KlingGateError
from .process import Process


@dataclass(frozen=True)
class Account:
    """The keys of the stand-in's account. They are public, and only valid there."""

    access_key: str
    """32 characters."""
    secret_key: str = field(repr=False)
    """32 characters."""
    api_key: str = field(repr=False)
    """57 characters."""


@dataclass(frozen=True)
class Received:
    """A request that the stand-in received, and its answer, without its bearer and its query."""

    method: str
    """``"GET"``, ``"POST"``, …"""
    path: str
    """Without the query."""
    status: int
    """The HTTP status of the answer."""
    code: int | None
    """Kling's code in the answer; ``None`` if ``answer()`` has set a body without one."""
    scheme: str
    """``"jwt"``, ``"api_key"`` or ``"none"``."""
    bearer: int | None
    """The number of its bearer, in the order in which they first arrived, from 1."""
    time: int
    """When it arrived, in Unix seconds of the server's clock."""
    body: Any
    """Its JSON; ``None`` if it had none, or more than 64 KiB."""


class KlingGate:
    """A running stand-in for Kling's API, and the environment of a program under test.

    ``scheme`` is what the environment has: ``"jwt"`` for a key pair, ``"api_key"`` for an API key.
    The environment is restored by ``stop()``, or at the end of ``with``.

    Raises ``KlingGateError`` if the stand-in cannot start, and ``ValueError`` for another scheme.
    """

    url: str
    """The base URL, without a slash at its end. The environment has it as ``KLING_API_BASE``."""
    account: Account
    """The keys of the account."""
    webhook_secret: str
    """The secret that signs callbacks. The environment has it as ``KLING_WEBHOOK_SECRET``."""
    _process: Process | None = None

    def __init__(self, *, scheme: str = "jwt") -> None:
        if scheme not in ("jwt", "api_key"):
            raise ValueError('scheme must be "jwt" or "api_key"')
        self.scheme = scheme

    def start(self) -> KlingGate:
        """Start it, and return it. ``with KlingGate() as gate`` does this, and stops it."""
        if self._process is not None:
            return self
        self._process = process = Process()
        opening = process.opening
        self.url = opening["url"]
        self.webhook_secret = opening["webhook_secret"]
        self.account = Account(opening["access_key"], opening["secret_key"], opening["api_key"])
        self._follow = lambda moved: process.control("PUT", "time", moved)
        try:
            clock._attach(self._follow)
        except BaseException:
            self._process = None
            process.stop()
            raise
        self._variables = self._environment()
        environment.push(self._variables)
        return self

    def stop(self) -> None:
        """Stop it, and restore the environment and the time."""
        process, self._process = self._process, None
        if process is not None:
            environment.pop(self._variables)
            clock._detach(self._follow)
            process.stop()

    def __enter__(self) -> KlingGate:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def access_key(self) -> str:
        """The account's access key."""
        return self.account.access_key

    @property
    def secret_key(self) -> str:
        """The account's secret key."""
        return self.account.secret_key

    @property
    def api_key(self) -> str:
        """The account's API key."""
        return self.account.api_key

    @property
    def clock(self) -> Clock:
        """The time of the program under test."""
        return clock

    def refuse(self, code: int, *, times: int = 1, message: str | None = None) -> None:
        """Refuse the next requests with a code of Kling's, its HTTP status and its message."""
        self._control("POST", "refuse", {"code": code, "times": times, "message": message})

    def answer(self, **fields: Any) -> None:
        """Give the next request this answer.

        The fields are ``status``, ``code``, ``message``, ``data``, ``body``, ``headers``,
        ``date``, ``pad``, ``delay``, ``stall`` and ``cut``: ``kling-gate --help`` lists them.
        """
        self._control("POST", "answers", [fields])
        clock._delay = max(clock._delay, fields.get("delay", 0) + fields.get("stall", 0))

    def skew(self, seconds: int) -> None:
        """Set the server's clock ahead of the program's, or behind it if negative."""
        self._control("PUT", "skew", seconds)

    def region(self, name: str | None) -> None:
        """Act as the host of a region: the account is of ``"singapore"``.

        With ``None``, as at the start, every account is known.
        """
        self._control("PUT", "region", name)

    def slow(self, seconds: float) -> None:
        """Delay each answer by up to 30 seconds, of real time."""
        self._control("PUT", "slow", seconds)
        clock._delay = seconds

    def tasks(self, *, seconds: int = 0, looks: int = 0, fails: bool = False) -> None:
        """Set how new tasks proceed.

        A task is ``processing`` until the seconds have passed and it was queried ``looks`` times;
        then it succeeds, or fails. At the start, one query finds it processing.
        """
        self._control("PUT", "tasks", {"seconds": seconds, "looks": looks, "fails": fails})

    def limit(self, *, parallel: int | None = None, total: int | None = None) -> None:
        """Limit the account: more unfinished tasks are refused with 1303, more tasks with 1102."""
        self._control("PUT", "limits", {"parallel": parallel, "total": total})

    def rotate(self) -> Account:
        """Make new keys, put them into the environment, and refuse the earlier ones."""
        self.account = Account(**self._control("POST", "rotate"))
        self._variables.clear()
        self._variables.update(self._environment())
        environment.refresh()
        return self.account

    @property
    def requests(self) -> list[Received]:
        """The latest 10,000 requests, oldest first."""
        return [Received(**request) for request in self._control("GET", "log")]

    def callback(self, task_id: str | None = None) -> Callback:
        """Return a callback about a task as it is now, by default the newest one, signed now.

        It is not sent: see the methods of ``Callback``.
        """
        made = self._control("POST", "callbacks", {"task_id": task_id})
        return Callback(**{**made, "body": made["body"].encode()})

    @property
    def callbacks(self) -> list[SentCallback]:
        """The callbacks that were sent to the ``callback_url`` of tasks that had ended."""
        sent = self._control("GET", "callbacks")
        return [SentCallback(**{**one, "body": one["body"].encode()}) for one in sent]

    def __repr__(self) -> str:
        return f"<KlingGate {self.url}>" if self._process else "<KlingGate, not running>"

    def _control(self, method: str, resource: str, value: object = None) -> Any:
        if self._process is None:
            raise KlingGateError("the stand-in is not running: call start(), or use it in `with`")
        return self._process.control(method, resource, value)

    def _environment(self) -> dict[str, str]:
        keys = {"KLING_API_KEY": self.api_key}
        if self.scheme == "jwt":
            keys = {"KLING_ACCESS_KEY": self.access_key, "KLING_SECRET_KEY": self.secret_key}
        return {
            "KLING_API_BASE": self.url,
            "KLING_WEBHOOK_SECRET": self.webhook_secret,
            **keys,
        }
