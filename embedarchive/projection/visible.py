"""The tokens of HTML → the text that a reader sees, as a browser's `innerText`, roughly. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..tokenizer import REFERENCE, Tokens, resolve_reference
from .mapping import Projection, Writer

_BLOCKS = (
    "address article aside body center dd details dialog div dl dt fieldset figcaption footer form"
    " header hgroup html iframe legend li main nav option search section summary table tbody tfoot"
    " thead tr"
)
_BLOCKS_WITH_MARGIN = "blockquote figure h1 h2 h3 h4 h5 h6 hr menu ol p pre ul"
_LINE_ENDS = dict.fromkeys(_BLOCKS.split(), 1) | dict.fromkeys(_BLOCKS_WITH_MARGIN.split(), 2)
"""Line ends around an element: 2 for those with a margin in a browser's own style sheet."""

_BREAKS = {mark: ends for name, ends in _LINE_ENDS.items() for mark in (name, f"/{name}")}
_SEEN = frozenset({*_BREAKS, "br", "/br", "/td", "/th"})
"""Marks of the tags that are seen: as line ends, or as blanks behind the cells of a table."""
_HIDDEN = frozenset({"noscript", "template"})
_BLANKS = " \t\n\f\r"
_OTHER_BLANKS = _BLANKS[1:]
_PIECE = re.compile(rf"[ \t\n\f\r]{{2,}}+|{REFERENCE.pattern}")
_PREFORMATTED_PIECE = re.compile(rf"\r\n?|{REFERENCE.pattern}")


def visible_text(
    text: str, tokens: Tokens, partner: Callable[[int], int | None], first: int, last: int
) -> Projection:
    """What a reader sees of tokens `first` to `last` of `text`; `partner` tells the end tags."""
    writer = _VisibleText(text)
    marks, starts, ends = tokens.marks, tokens.starts, tokens.ends
    index = first
    while index < last:
        mark = marks[index]
        if mark == "#text":
            writer.text(starts[index], ends[index])
        elif mark in _SEEN:
            writer.tag(mark, starts[index], ends[index])
        elif mark in _HIDDEN and (end := partner(index)) is not None:
            index = end
        index += 1
    return writer.projection()


class _VisibleText(Writer):
    """Collapses blanks and puts line ends as it writes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source
        self._breaks = 0
        self._break_place = (0, 0)
        self._space: tuple[int, int] | None = None
        self._line_ends = 2
        self._preformatted = 0

    def tag(self, mark: str, start: int, end: int) -> None:
        """Notes the line ends that a tag makes."""
        breaks = _BREAKS.get(mark)
        if breaks is not None:
            self._breaks = max(self._breaks, breaks)
            self._break_place = (start, end)
            if mark in ("pre", "/pre"):
                self._preformatted = max(self._preformatted + (1 if mark == "pre" else -1), 0)
        elif mark in ("br", "/br"):
            self._flush_breaks()
            self._put("\n", start, end)
        else:
            self._space = self._space or (start, end)

    def text(self, at: int, end: int) -> None:
        """Writes the text from `at` to `end` of the source."""
        source = self._source
        if self._preformatted:
            self._pieces(_PREFORMATTED_PIECE, at, end)
            return
        piece = source[at:end]
        words = piece.strip(_BLANKS)
        if not words:
            self._space = self._space or (at, end)
        elif _PIECE.search(words):
            self._pieces(_PIECE, at, end)
        else:
            start = at + piece.index(words[0])
            stop = start + len(words)
            if start > at:
                self._space = self._space or (at, start)
            self._visible(_with_plain_blanks(words), start, stop)
            self._space = (stop, end) if stop < end else None

    def _pieces(self, pattern: re.Pattern[str], at: int, end: int) -> None:
        """Writes text in which blanks collapse and character references stand."""
        source = self._source
        for piece in pattern.finditer(source, at, end):
            start, stop = piece.span()
            if piece[0][0] == "&":
                resolved = resolve_reference(piece)
                if resolved is None:
                    continue
                self._plain(at, start)
                character, stop = resolved
                self._visible(character, start, stop)
            else:
                self._plain(at, start)
                if self._preformatted:
                    self._visible("\n", start, stop)
                else:
                    self._space = self._space or (start, stop)
            at = stop
        self._plain(at, end)

    def _plain(self, start: int, end: int) -> None:
        """Text in which only single blanks at its ends can still collapse."""
        if start >= end:
            return
        source = self._source
        if self._preformatted:
            self._visible(source[start:end], start, end)
            return
        if source[start] in _BLANKS:
            self._space = self._space or (start, start + 1)
            start += 1
        has_space_behind = end > start and source[end - 1] in _BLANKS
        end -= has_space_behind
        if start < end:
            self._visible(_with_plain_blanks(source[start:end]), start, end)
        if has_space_behind:
            self._space = self._space or (end, end + 1)

    def _visible(self, text: str, start: int, end: int) -> None:
        if self._breaks:
            self._flush_breaks()
        if self._space is not None:
            if not self._line_ends:
                self.write(" ", *self._space)
            self._space = None
        if text[-1] == "\n":
            self._put(text, start, end)
        else:
            self.write(text, start, end)
            self._line_ends = 0

    def _flush_breaks(self) -> None:
        if self._breaks > self._line_ends:
            self.write("\n" * (self._breaks - self._line_ends), *self._break_place)
            self._line_ends = self._breaks
        self._breaks = 0

    def _put(self, text: str, start: int, end: int) -> None:
        """Writes text that ends a line."""
        self.write(text, start, end)
        self._space = None
        ends = len(text) - len(text.rstrip("\n"))
        self._line_ends = ends + self._line_ends if ends == len(text) else ends


def _with_plain_blanks(text: str) -> str:
    if text.isprintable():
        return text  # it has none; most have not
    for blank in _OTHER_BLANKS:
        if blank in text:
            text = text.replace(blank, " ")
    return text
