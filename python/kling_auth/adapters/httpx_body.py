"""httpx and its forks: reads the start of a body, and leaves the body readable for the caller.

The client decodes, counts and closes above the stream of a response. So the stream is replaced by
one that yields what was read, then the error if there was one, or the rest.
"""

from __future__ import annotations

from kling_auth._native import MAX_BODY

from .exchange import family_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncIterator, Iterator

    import httpx


def peek(response: httpx.Response) -> bytes | None:
    """Return the body, or more than ``MAX_BODY`` bytes if it is longer; ``None`` if it is cut off.

    If the whole body was read, its connection is reused, and ``content`` works without ``read()``.
    """
    if response.is_stream_consumed:
        return response.read()  # a hook has read it, or it was created from bytes
    response.stream = peeked = peeked_of(response)
    peeked.read_start()
    body: bytes | None = peeked.start(response)
    if body is not None and len(body) <= MAX_BODY:
        response.read()
        peeked.renew(response)
    return body


async def apeek(response: httpx.Response) -> bytes | None:
    """Do the same for an ``httpx.AsyncClient``."""
    if response.is_stream_consumed:
        return await response.aread()
    response.stream = peeked = peeked_of(response)
    await peeked.aread_start()
    body: bytes | None = peeked.start(response)
    if body is not None and len(body) <= MAX_BODY:
        await response.aread()
        peeked.renew(response)
    return body


def drop(response: httpx.Response) -> None:
    """Close a body, which httpx would read to its end before it sends the request again."""
    stream: Any = response.stream
    response.stream = module_of(response).ByteStream(b"")
    stream.close()


async def adrop(response: httpx.Response) -> None:
    """Do the same for an ``httpx.AsyncClient``."""
    stream: Any = response.stream
    response.stream = module_of(response).ByteStream(b"")
    await stream.aclose()


def module_of(response: httpx.Response) -> Any:
    """Return the module of a response, for its stream classes."""
    from .httpx import FAMILY

    return family_of(response, *FAMILY)


_classes: dict[Any, Any] = {}


def peeked_of(response: httpx.Response) -> Any:
    """Return a ``Peeked`` stream for a response, derived from its client's stream classes."""
    module = module_of(response)
    if module not in _classes:
        bases = (Peeked, module.SyncByteStream, module.AsyncByteStream)
        _classes[module] = type("Peeked", bases, {})
    return _classes[module](response.stream)


class Peeked:
    """A stream whose start was read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._kept: list[bytes] = []
        self._size = 0
        self._error: Exception | None = None

    def read_start(self) -> None:
        """Read to the end, to an error, or until there is more than the core needs."""
        self._rest = iter(self._stream)
        try:
            for chunk in self._rest:
                if self._is_enough_with(chunk):
                    break
        except Exception as error:
            self._error = error

    async def aread_start(self) -> None:
        """Do the same for an ``httpx.AsyncClient``."""
        self._rest = self._stream.__aiter__()
        try:
            async for chunk in self._rest:
                if self._is_enough_with(chunk):
                    break
        except Exception as error:
            self._error = error

    def _is_enough_with(self, chunk: bytes) -> bool:
        self._kept.append(chunk)
        self._size += len(chunk) or 1  # so that empty chunks count too
        return self._size > MAX_BODY

    def start(self, response: httpx.Response) -> bytes | None:
        """Return what was read, decoded; ``None`` after an error."""
        if self._error:
            return None
        body = b"".join(self._kept)
        return body if self._size > MAX_BODY else _decoded(body, response)

    def renew(self, response: httpx.Response) -> None:
        """Let a body that was read be read as a stream again."""
        response.stream = module_of(response).ByteStream(b"".join(self._kept))
        response.is_stream_consumed = response.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._kept
        if self._error:
            raise self._error
        yield from self._rest

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._kept:
            yield chunk
        if self._error:
            raise self._error
        async for chunk in self._rest:
            yield chunk

    def close(self) -> None:
        self._stream.close()

    async def aclose(self) -> None:
        await self._stream.aclose()


def _decoded(body: bytes, response: httpx.Response) -> bytes | None:
    """Decode the body as the client does, up to ``MAX_BODY`` bytes."""
    module = module_of(response)
    parts = (body[start : start + 1024] for start in range(0, len(body), 1024))
    decoded = bytearray()
    try:
        again = module.Response(200, headers=response.headers, content=parts)
        for part in again.iter_bytes():
            decoded += part
            if len(decoded) > MAX_BODY:
                break
    except module.DecodingError:
        return None  # the caller gets the same error
    return bytes(decoded)
