"""Markup that stands escaped inside other text → the markup, mapped back. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..models import Span
from ..tokenizer import REFERENCE, resolve_reference
from .mapping import Projection, Writer

_JSON_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))",
    re.DOTALL,
)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def without_references(text: str, start: int, end: int) -> Projection:
    """`text` from `start` to `end` with its character references resolved."""
    writer = Writer()
    at = start
    for found in REFERENCE.finditer(text, start, end):
        resolved = resolve_reference(found)
        if resolved is not None and found.start() >= at:
            character, stop = resolved
            writer.write(text[at : found.start()], at, found.start())
            writer.write(character, found.start(), stop)
            at = stop
    writer.write(text[at:end], at, end)
    return writer.projection()


def without_backslashes(text: str, start: int, end: int) -> Projection:
    """`text` from `start` to `end` read as the inside of a JSON string."""
    writer = Writer()
    at = start
    for found in _JSON_ESCAPE.finditer(text, start, end):
        high, low, code, character = found.groups()
        if high:
            character = (bytes.fromhex(high) + bytes.fromhex(low)).decode("utf-16-be", "replace")
        elif code:
            character = chr(int(code, 16)) if code[0] not in "dD" else _alone(code)
        else:
            character = _SHORT.get(character, character)
        writer.write(text[at : found.start()], at, found.start())
        writer.write(character, *found.span())
        at = found.end()
    writer.write(text[at:end], at, end)
    return writer.projection()


def _alone(code: str) -> str:
    """A code unit that may be half a character; halves do not encode."""
    number = int(code, 16)
    return "\ufffd" if 0xD800 <= number <= 0xDFFF else chr(number)


def unescaped(
    text: str, start: int, end: int, read: Callable[[str, int, int], Projection], times: int = 1
) -> tuple[str, Callable[[int, int], Span]]:
    """What `read` makes of a range, `times` over, and how ranges of that map back to `text`."""
    layers = [read(text, start, end)]
    for _ in range(times - 1):
        layers.append(read(layers[-1].text, 0, len(layers[-1].text)))

    def place(start: int, end: int) -> Span:
        for layer in reversed(layers):
            start, end = layer.source(start, end)
        return Span(start, end)

    return layers[-1].text, place
