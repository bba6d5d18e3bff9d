from collections.abc import Callable, Iterable
from typing import Any, Protocol, SupportsFloat, SupportsIndex, final

from typing_extensions import Buffer, Self, TypeAlias, disjoint_base

_Seconds: TypeAlias = SupportsFloat | SupportsIndex
_Headers: TypeAlias = _Mapping | Iterable[tuple[str | bytes, str | bytes]]
_Body: TypeAlias = Buffer | str

class _Mapping(Protocol):
    def items(self) -> Iterable[tuple[Any, Any]]: ...

__version__: str
__all__ = [
    "Inspection",
    "KlingAuth",
    "Verdict",
    "Webhook",
    "__version__",
    "generate_kling_token",
    "inspect",
    "jwt_decode",
    "jwt_encode",
    "jwt_verify_signature",
    "verdict",
    "verify_webhook",
]

def generate_kling_token(
    access_key: str | None = None,
    secret_key: str | None = None,
    *,
    lifetime: _Seconds | None = 1800,
    now: _Seconds | None = None,
) -> str: ...

@disjoint_base
class KlingAuth:
    def __new__(
        cls,
        access_key: str | None = None,
        secret_key: str | None = None,
        buffer_sec: _Seconds | None = 300,
        *,
        api_key: str | None = None,
        lifetime: _Seconds | None = 1800,
        credentials: Callable[[], tuple[str, str] | str] | None = None,
        clock: Callable[[], _Seconds] | None = None,
        base_url: str | None = None,
    ) -> Self: ...
    def __init__(
        self,
        access_key: str | None = None,
        secret_key: str | None = None,
        buffer_sec: _Seconds | None = 300,
        *,
        api_key: str | None = None,
        lifetime: _Seconds | None = 1800,
        credentials: Callable[[], tuple[str, str] | str] | None = None,
        clock: Callable[[], _Seconds] | None = None,
        base_url: str | None = None,
    ) -> None: ...
    @property
    def token(self) -> str: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def expires_at(self) -> int | None: ...
    @property
    def access_key(self) -> str | None: ...
    @property
    def source(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def clock_offset(self) -> int: ...
    @property
    def last_verdict(self) -> Verdict | None: ...
    def headers_for(self, url: str) -> dict[str, str]: ...
    def observe(
        self,
        status: int,
        headers: _Headers | None = None,
        body: _Body | None = None,
        *,
        token: str | None = None,
    ) -> Verdict: ...
    def _attach(self, url: str, present: str | None = None) -> str | None: ...
    def _is_kling(self, url: str, status: int) -> bool: ...
    def refresh(self) -> str: ...
    def rotate(
        self,
        access_key: str | None = None,
        secret_key: str | None = None,
        *,
        api_key: str | None = None,
    ) -> None: ...

@final
class Verdict:
    @property
    def cause(self) -> str: ...
    @property
    def next(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def code(self) -> int | None: ...
    @property
    def message(self) -> str: ...
    @property
    def request_id(self) -> str | None: ...
    @property
    def remedy(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...

def verdict(status: int, body: _Body | None = None) -> Verdict: ...

@final
class Inspection:
    @property
    def header(self) -> dict[str, Any]: ...
    @property
    def claims(self) -> dict[str, Any]: ...
    @property
    def cause(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def is_signed(self) -> bool | None: ...
    @property
    def issuer(self) -> str | None: ...
    @property
    def expires_at(self) -> int | None: ...
    @property
    def not_before(self) -> int | None: ...
    @property
    def now(self) -> int: ...

def inspect(
    token: str, secret_key: str | None = None, *, now: _Seconds | None = None
) -> Inspection: ...

@final
class Webhook:
    @property
    def id(self) -> str: ...
    @property
    def timestamp(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

def verify_webhook(
    secret: str | Iterable[str],
    headers: _Headers,
    body: _Body,
    *,
    now: _Seconds | None = None,
) -> Webhook: ...
def jwt_encode(header: bytes, payload: bytes, key: bytes) -> str: ...
def jwt_decode(token: bytes) -> tuple[bytes, bytes, bytes]: ...
def jwt_verify_signature(token: bytes, key: bytes) -> None: ...
