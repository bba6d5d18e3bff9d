"""requests and urllib: reads the start of a body, and leaves the body readable for the caller.

Both use ``http.client``. The bytes from the connection are kept while the body is read. Then the
response is reset, over a stream of the kept bytes and the rest. So the caller reads from the start,
and gets an error of the stream at the same point.

niquests uses urllib3-future, and so does requests if niquests is installed: see ``peek_future``.
"""

from __future__ import annotations

import io
from http.client import HTTPException, HTTPResponse

from kling_auth._native import MAX_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The most bytes to read from the connection. A chunk of one byte takes six.
MAX_WIRE = 8 * MAX_BODY


def peek(response: HTTPResponse) -> bytes | None:
    """Return the body, more than ``MAX_BODY`` bytes if it is longer, ``None`` if it is cut off."""
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
        return bytes(start.kept)  # too long because of the frames of its chunks
    return None if is_cut else body


def peek_raw(response: Any) -> bytes | None:
    """Do the same for a response of requests, and decode the body."""
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
    """Read the whole body of a response of requests into memory, so that its connection is reused.

    ``content`` has the body then, and ``raw`` can still be read.
    """
    original = _original_of(response)
    if original is None:
        return
    raw = response.raw
    stream: Any = original.fp  # set by `peek`
    first, second = (_raw_again(raw, original, stream.raw.start) for _ in range(2))
    raw.read(decode_content=False)
    response.raw = first
    response.content  # noqa: B018
    response.raw = second


def _original_of(response: Any) -> HTTPResponse | None:
    """Return the ``http.client`` response; ``None`` if it was read, or comes from a mock."""
    original = getattr(response.raw, "_original_response", None)
    return original if isinstance(original, HTTPResponse) and original.fp is not None else None


def _raw_again(raw: Any, original: HTTPResponse, wire: bytes) -> Any:
    """Return a new urllib3 response over the bytes of one that was read."""
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
        # A response to HEAD has a length and no body.
        request_method=original._method,  # type: ignore[attr-defined]
    )


def _decoded(body: bytes, encoding: str) -> bytes | None:
    """Decode the body as requests does, up to ``MAX_BODY`` bytes."""
    from urllib3 import HTTPResponse
    from urllib3.exceptions import HTTPError

    headers = {"Content-Encoding": encoding}
    try:
        return HTTPResponse(io.BytesIO(body), headers, preload_content=False).read(
            MAX_BODY + 1, decode_content=True
        )
    except HTTPError:
        return None  # the caller gets the same error


class _Start(io.RawIOBase):
    """Reads a stream, keeps its bytes and its error, and does not close it.

    After ``MAX_WIRE`` bytes, it ends.
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
    """The start of a stream, then its error if there was one, or the rest."""

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
