"""Tags, texts and comments as pieces of a text, and many of them as three columns. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import starmap
from typing import Final, NamedTuple, overload

START: Final = "start"
END: Final = "end"
TEXT: Final = "text"
RCDATA: Final = "rcdata"
"""Text of a title or textarea: no tags in it, but character references."""
RAWTEXT: Final = "rawtext"
"""Text of a script, style, iframe, ...: nothing in it means anything."""
COMMENT: Final = "comment"
DOCTYPE: Final = "doctype"


class Token(NamedTuple):
    """A piece of the text; the pieces lie in order, and what an unfinished tag ate has none."""

    kind: str
    start: int
    end: int
    name: str = ""
    """Of a tag, in lower case."""


class Tokens(Sequence[Token]):
    """The tokens of a text as three columns; a token is made when it is asked for.

    A page has thousands, of which few matter: to make them all takes longer than to find them.
    """

    def __init__(self, marks: list[str], starts: list[int], ends: list[int]) -> None:
        self.marks = marks
        """`div` of a start tag, `/div` of its end tag, `#text` and so on of all else."""
        self.starts = starts
        self.ends = ends

    def __len__(self) -> int:
        return len(self.marks)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            columns = zip(self.marks[index], self.starts[index], self.ends[index], strict=True)
            return list(starmap(_token, columns))
        return _token(self.marks[index], self.starts[index], self.ends[index])

    def __iter__(self) -> Iterator[Token]:
        return starmap(_token, zip(self.marks, self.starts, self.ends, strict=True))


def _token(mark: str, start: int, end: int) -> Token:
    if mark[0] == "/":
        return Token(END, start, end, mark[1:])
    if mark[0] == "#":
        return Token(mark[1:], start, end)
    return Token(START, start, end, mark)


def mark_of(token: Token) -> str:
    """What stands for it in `Tokens.marks`."""
    if token.kind == START:
        return token.name
    return f"/{token.name}" if token.kind == END else f"#{token.kind}"
