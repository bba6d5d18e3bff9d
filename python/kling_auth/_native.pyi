from collections.abc import Callable
from typing import SupportsFloat, SupportsIndex

from typing_extensions import Self, TypeAlias, disjoint_base

_Seconds: TypeAlias = SupportsFloat | SupportsIndex

__version__: str
__all__ = [
    "KlingAuth",
    "__version__",
    "generate_kling_token",
    "jwt_decode",
    "jwt_encode",
    "jwt_verify_signature",
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
    def refresh(self) -> str: ...
    def rotate(
        self,
        access_key: str | None = None,
        secret_key: str | None = None,
        *,
        api_key: str | None = None,
    ) -> None: ...

def jwt_encode(header: bytes, payload: bytes, key: bytes) -> str: ...
def jwt_decode(token: bytes) -> tuple[bytes, bytes, bytes]: ...
def jwt_verify_signature(token: bytes, key: bytes) -> None: ...
