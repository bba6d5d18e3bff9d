"""Writes JSON as PyJWT does: compact ASCII, with Python's `json`.

For each call, `json.dumps` runs three Python frames and creates a C encoder, which takes more than
half of its time. Here the C encoder is reused.
"""

from __future__ import annotations

import json
from json.encoder import c_make_encoder, encode_basestring_ascii  # type: ignore[attr-defined]

TYPE_CHECKING = False  # as mypy understands it, without importing typing
if TYPE_CHECKING:
    from typing import Any, Callable


def dumps(
    value: Any, json_encoder: type[json.JSONEncoder] | None, sort_keys: bool = False
) -> bytes:
    """Return the JSON of ``value``. ``json_encoder`` is the ``cls`` of `json.dumps`."""
    if json_encoder is None:
        return (_sorted if sort_keys else _plain)(value).encode()
    return json.dumps(value, separators=(",", ":"), cls=json_encoder, sort_keys=sort_keys).encode()


def _usual(sort_keys: bool) -> Callable[[Any], str]:
    return json.JSONEncoder(separators=(",", ":"), sort_keys=sort_keys).encode


def _reusing(sort_keys: bool) -> Callable[[Any], str]:
    """Do what `_usual` does, with C encoders that are reused, each by one call at a time."""
    encoder = json.JSONEncoder()
    idle: list[Callable[[Any, int], tuple[str, ...]]] = []

    def default(value: Any) -> Any:
        return encoder.default(value)

    def write(value: Any) -> str:
        try:
            accelerator = idle.pop()
        except IndexError:
            accelerator = c_make_encoder(
                {}, default, encode_basestring_ascii, None, ":", ",", sort_keys, False, True
            )
        chunks = accelerator(value, 0)
        # One that raised is not reused: it would report its containers as circular.
        idle.append(accelerator)
        return "".join(chunks)

    return write


try:
    _reusing(False)({})
    _writer = _reusing
except TypeError:  # this Python has no C encoder, or one with other arguments
    _writer = _usual

_plain, _sorted = _writer(False), _writer(True)
