from collections.abc import Container, Iterable, Sequence
from datetime import timedelta
from json import JSONEncoder
from typing import Any

from .types import Options

class PyJWT:
    options: Options
    def __init__(self, options: Options | None = None) -> None: ...
    def encode(
        self,
        payload: dict[str, Any],
        key: str | bytes,
        algorithm: str | None = "HS256",
        headers: dict[str, Any] | None = None,
        json_encoder: type[JSONEncoder] | None = None,
        sort_headers: bool = True,
    ) -> str: ...
    def decode(
        self,
        jwt: str | bytes,
        key: str | bytes = "",
        algorithms: Sequence[str] | None = None,
        options: Options | None = None,
        verify: bool | None = None,
        detached_payload: bytes | None = None,
        audience: str | Iterable[str] | None = None,
        subject: str | None = None,
        issuer: str | Container[str] | None = None,
        leeway: float | timedelta = 0,
        **kwargs: Any,
    ) -> dict[str, Any]: ...
    def decode_complete(
        self,
        jwt: str | bytes,
        key: str | bytes = "",
        algorithms: Sequence[str] | None = None,
        options: Options | None = None,
        verify: bool | None = None,
        detached_payload: bytes | None = None,
        audience: str | Iterable[str] | None = None,
        issuer: str | Container[str] | None = None,
        subject: str | None = None,
        leeway: float | timedelta = 0,
        **kwargs: Any,
    ) -> dict[str, Any]: ...
    def _encode_payload(
        self,
        payload: dict[str, Any],
        headers: dict[str, Any] | None = None,
        json_encoder: type[JSONEncoder] | None = None,
    ) -> bytes: ...
    def _decode_payload(self, decoded: dict[str, Any]) -> dict[str, Any]: ...

encode = PyJWT().encode
decode = PyJWT().decode
decode_complete = PyJWT().decode_complete

def get_unverified_header(jwt: str | bytes) -> dict[str, Any]: ...
