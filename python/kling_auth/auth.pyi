from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar, overload
from urllib.request import BaseHandler, OpenerDirector

from . import _native

# A client's own types: to name them would be to ask users to install the client.
_Request = TypeVar("_Request")
_Response = TypeVar("_Response")

class KlingAuth(_native.KlingAuth):
    @overload
    def __call__(self, request: _Request, handler: None = None, /) -> _Request: ...
    @overload
    def __call__(
        self, request: _Request, handler: Callable[[_Request], Awaitable[_Response]], /
    ) -> Coroutine[Any, Any, _Response]: ...
    def sync_auth_flow(self, request: _Request) -> Generator[_Request, Any]: ...
    def async_auth_flow(self, request: _Request) -> AsyncGenerator[_Request, Any]: ...
    def opener(self, *handlers: BaseHandler | type[BaseHandler]) -> OpenerDirector: ...
