"""urllib3-future: reads the start of a body, and leaves the body readable for the caller.

It does not use ``http.client``. Its responses have one method that reads. It is replaced by one
that returns what was read, then raises the error if there was one, or reads the rest.
"""

from __future__ import annotations

import io

from kling_auth._native import MAX_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def is_of_future(response: Any) -> bool:
    """Say whether a response uses urllib3-future and was not read yet."""
    stream: Any = getattr(response.raw, "_fp", None)
    return callable(getattr(stream, "_read", None)) and not stream.closed


def peek_body(response: Any) -> bytes | None:
    """Return the body, more than ``MAX_BODY`` bytes if it is longer, ``None`` if it is cut off."""
    stream = response.raw._fp
    peeked = stream._read
    if not isinstance(peeked, _Peeked):
        peeked = Peeked(stream)
        peeked.read_start()
    return _body_of(peeked, response)


async def apeek_body(response: Any) -> bytes | None:
    """Do the same for a response of an ``AsyncSession``."""
    if not is_of_future(response):
        body: bytes = await response.content  # it was read already
        return body
    stream = response.raw._fp
    peeked = stream._read
    if not isinstance(peeked, _Peeked):
        peeked = AsyncPeeked(stream)
        await peeked.read_start()
    return _body_of(peeked, response)


def is_whole(response: Any) -> bool:
    """Say whether the whole body is in memory, so that reading it takes no time."""
    peeked = getattr(getattr(response.raw, "_fp", None), "_read", None)
    return isinstance(peeked, _Peeked) and peeked.is_over and peeked.error is None


class _Peeked:
    """A body whose start was read: the bytes, the error, and whether it ended."""

    def __init__(self, stream: Any) -> None:
        self.kept: bytearray = bytearray()
        self.error: Exception | None = None
        self.is_over: bool = False
        self._stream = stream
        self._read_on = stream._read

    def _put_in_place(self, error: Exception | None = None) -> None:
        self.error = error
        # A stream at its end says that it is closed, and the kept bytes would not be read.
        self.is_over = self._stream.closed
        self._stream.closed = False
        self._stream._read = self

    def _take(self, size: int | None) -> bytes:
        """Take at most ``size`` of the kept bytes."""
        count = len(self.kept) if size is None or size < 0 else size
        data = bytes(self.kept[:count])
        del self.kept[:count]
        if self.is_over and not self.kept:
            self._stream.closed = True
        return data

    def _is_enough(self, data: bytes, size: int | None, read1: bool) -> bool:
        if self.kept or self.is_over:
            return True
        if self.error is not None:
            if data and size is not None:
                return True  # the next call raises it
            raise self.error
        is_all = size is None or size < 0
        return bool(data) and not is_all and (read1 or len(data) == size)


class Peeked(_Peeked):
    """The body of a response of a ``Session``."""

    def read_start(self) -> None:
        """Read to the end, to an error, or until there is more than the core needs."""
        try:
            while len(self.kept) <= MAX_BODY and not self._stream.closed:
                part = self._read_on(MAX_BODY + 1, read1=True)
                if not part:
                    break
                self.kept.extend(part)
        except Exception as error:
            self._put_in_place(error)
        else:
            self._put_in_place()

    def __call__(self, size: int | None, *, read1: bool) -> bytes:
        data = self._take(size)
        if self._is_enough(data, size, read1):
            return data
        rest: bytes = self._read_on(_left(size, data), read1=read1)
        return data + rest


class AsyncPeeked(_Peeked):
    """The body of a response of an ``AsyncSession``."""

    async def read_start(self) -> None:
        """Do the same, asynchronously."""
        try:
            while len(self.kept) <= MAX_BODY and not self._stream.closed:
                part = await self._read_on(MAX_BODY + 1, read1=True)
                if not part:
                    break
                self.kept.extend(part)
        except Exception as error:
            self._put_in_place(error)
        else:
            self._put_in_place()

    async def __call__(self, size: int | None, *, read1: bool) -> bytes:
        data = self._take(size)
        if self._is_enough(data, size, read1):
            return data
        rest: bytes = await self._read_on(_left(size, data), read1=read1)
        return data + rest


def _left(size: int | None, data: bytes) -> int | None:
    return size if size is None or size < 0 else size - len(data)


def _body_of(peeked: _Peeked, response: Any) -> bytes | None:
    """Return what was read, decoded; ``None`` if the body was cut off."""
    body = bytes(peeked.kept)
    if len(body) > MAX_BODY:
        return body
    expected = response.raw.length_remaining
    if peeked.error is not None or (expected is not None and expected != len(body)):
        return None
    encoding = response.headers.get("Content-Encoding")
    return _decoded(body, encoding, response.raw) if body and encoding else body


def _decoded(body: bytes, encoding: str, raw: Any) -> bytes | None:
    """Decode the body as the client does, up to ``MAX_BODY`` bytes."""
    # The synchronous class, which is the base of the asynchronous one.
    (again,) = (cls for cls in type(raw).__mro__ if cls.__name__ == "HTTPResponse")
    made = again(io.BytesIO(body), {"Content-Encoding": encoding}, preload_content=False)
    try:
        decoded: bytes = made.read(MAX_BODY + 1, decode_content=True)
    except Exception:
        return None  # the caller gets the same error
    return decoded
