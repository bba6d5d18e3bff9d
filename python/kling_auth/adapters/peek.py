"""The start of a body, looked at without taking it from the caller; for requests and urllib.

Both stand upon ``http.client``. What comes from the connection is kept while the body is looked at;
then the response is put back to where it was, before a stream of what was kept and what was not
read. So the caller reads from the start, and meets whatever broke the stream at the same point.

niquests, and requests where niquests is installed too, stand upon urllib3-future instead:
``peek_future`` is theirs.
"""

from __future__ import annotations

import io
from http.client import HTTPException, HTTPResponse

from kling_auth._native import MAX_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What may come from the connection for a body that is looked at: of chunks of one byte, six each.
MAX_WIRE = 8 * MAX_BODY


def peek(response: HTTPResponse) -> bytes | None:
    """Return the body, or more than ``MAX_BODY`` bytes if it is longer; ``None`` if it breaks."""
    stream: Any = response.fp
    if stream is None:
        return b""  # it was read before
    state = dict(vars(response))
    start = _Start(stream)
    response.fp = io.BufferedReader(start)
    try:
        body = response.read(MAX_BODY + 1)
        is_cut = bool(response.length) and len(body) <= MAX_BODY
    except (HTTPException, OSError):
        is_cut = True
    finally:
        whole = io.BufferedReader(_Whole(start.kept, start.error, stream))
        vars(response).update(state, fp=whole)
    if len(start.kept) == MAX_WIRE:
        return bytes(start.kept)  # too long by its frames alone
    return None if is_cut else body


def peek_raw(response: Any) -> bytes | None:
    """Return the same of a response of requests, decoded."""
    original = _original_of(response)
    if original is None:
        from .peek_future import is_of_future, peek_body

        if is_of_future(response):
            return peek_body(response)
        content: bytes = response.content
        return content
    body = peek(original)
    encoding = response.headers.get("Content-Encoding")
    return _decoded(body, encoding) if body and len(body) <= MAX_BODY and encoding else body


def take_over(response: Any) -> None:
    """Take a whole body of a response of requests into memory: its connection is used again.

    The content is there then, and the body is still to be read raw.
    """
    original = _original_of(response)
    if original is None:
        return
    raw = response.raw
    stream: Any = original.fp  # as `peek` left it
    first, second = (_raw_again(raw, original, stream.raw.start) for _ in range(2))
    raw.read(decode_content=False)
    response.raw = first
    response.content  # noqa: B018
    response.raw = second


def _original_of(response: Any) -> HTTPResponse | None:
    """Return what a response of requests stands upon; ``None`` if it was read, or is of a mock."""
    original = getattr(response.raw, "_original_response", None)
    return original if isinstance(original, HTTPResponse) and original.fp is not None else None


def _raw_again(raw: Any, original: HTTPResponse, wire: bytes) -> Any:
    """Return a response of urllib3 as it was before it was read, over what came of it."""
    again = HTTPResponse.__new__(HTTPResponse)
    vars(again).update(vars(original), fp=io.BytesIO(wire))
    return type(raw)(
        again,
        raw.headers,
        status=raw.status,
        version=raw.version,
        reason=raw.reason,
        preload_content=False,
        decode_content=raw.decode_content,
        original_response=again,
    )


def _decoded(body: bytes, encoding: str) -> bytes | None:
    """Decode as requests does, so far as the body is looked at."""
    from urllib3 import HTTPResponse
    from urllib3.exceptions import HTTPError

    headers = {"Content-Encoding": encoding}
    try:
        return HTTPResponse(io.BytesIO(body), headers, preload_content=False).read(
            MAX_BODY + 1, decode_content=True
        )
    except HTTPError:
        return None  # whoever reads it meets that too


class _Start(io.RawIOBase):
    """Reads a stream, keeps what came of it and what broke it, and does not close it.

    Where it is full it says that the stream ends.
    """

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self.kept = bytearray()
        self.error: OSError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)[: MAX_WIRE - len(self.kept)]
        try:
            count = self._stream.readinto1(room)
        except OSError as error:
            self.error = error
            raise
        self.kept += room[:count]
        return count


class _Whole(io.RawIOBase):
    """The start of a stream, what broke it there if something did, and the rest."""

    def __init__(self, start: bytearray, error: OSError | None, stream: io.BufferedIOBase) -> None:
        self.start = bytes(start)
        self._left = io.BytesIO(self.start)
        self._error = error
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._left.readinto(buffer)
        if count:
            return count
        error, self._error = self._error, None
        if error:
            raise error
        return self._stream.readinto1(buffer)

    def fileno(self) -> int:
        return self._stream.fileno()

    def close(self) -> None:
        self._stream.close()
        super().close()
