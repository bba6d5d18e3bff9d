from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar, overload
from urllib.request import BaseHandler, OpenerDirector

from typing_extensions import Self

from . import _native
from ._bases.httpx import Auth as _HttpxAuth
from ._bases.httpx2 import Auth as _Httpx2Auth
from ._bases.httpxyz import Auth as _HttpxyzAuth
from ._bases.requests import AuthBase as _AuthBase
from ._native import Verdict

# A client's own types: to name them would be to ask users to install the client.
_Request = TypeVar("_Request")
_Response = TypeVar("_Response")

# The flows of httpx and of its forks are of the same name, and each of its own requests.
class KlingAuth(  # type: ignore[misc]
    _native.KlingAuth, _HttpxAuth, _Httpx2Auth, _HttpxyzAuth, _AuthBase
):
    do_not_call_in_templates: bool
    @classmethod
    async def afrom(
        cls,
        credentials: Callable[[], Awaitable[tuple[str, str] | str] | tuple[str, str] | str],
        /,
        *,
        buffer_sec: _native._Seconds | None = 300,
        lifetime: _native._Seconds | None = 1800,
        clock: Callable[[], _native._Seconds] | None = None,
        base_url: str | None = None,
        region: str | None = None,
    ) -> Self: ...
    async def arotate(self) -> None: ...
    async def aobserve(
        self,
        status: int,
        headers: _native._Headers | None = None,
        body: _native._Body | None = None,
        *,
        token: str | None = None,
        sent: str | None = None,
    ) -> Verdict: ...
    @overload
    def __call__(self, request: _Request, handler: None = None, /) -> _Request: ...
    @overload
    def __call__(
        self, request: _Request, handler: Callable[[_Request], Awaitable[_Response]], /
    ) -> Coroutine[Any, Any, _Response]: ...
    def sync_auth_flow(self, request: _Request) -> Generator[_Request, Any]: ...
    def async_auth_flow(self, request: _Request) -> AsyncGenerator[_Request, Any]: ...
    def opener(self, *handlers: BaseHandler | type[BaseHandler]) -> OpenerDirector: ...
