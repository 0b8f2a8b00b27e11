"""The tags of a foreign page → its title, headline and language, and which tags belong together."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence

from ..tokenizer import RCDATA, START, TEXT, Token, attributes, decode
from .allowed import FURNITURE, HIDDEN


class Outline:
    """What is known of a page before it is written."""

    def __init__(self, source: str, tokens: Sequence[Token]) -> None:
        self.partners = _partners(tokens)
        """Start tag ↔ end tag, by token number, of the elements that are hidden or folded."""
        self._headlines = [n for n, token in enumerate(tokens) if token.name == "h1"]
        first, last = (*self._headlines, 0, 0)[:2]
        self.headline = _words(source, (t for t in tokens[first:last] if t.kind == TEXT))
        """The text of the first `h1`."""
        self.title = _words(source, _title(tokens))
        self.root: dict[str, str] = {}
        """Attributes of `html` and `body`, the first of each name."""
        for token in tokens:
            if token.kind == START and token.name in ("html", "body"):
                for attribute in attributes(source, token):
                    self.root.setdefault(attribute.name, attribute.value)

    def has_headline(self, start: int, end: int) -> bool:
        """Whether a headline begins or ends between two tokens."""
        return bisect(self._headlines, end) > bisect(self._headlines, start)


def _words(source: str, tokens: Iterable[Token]) -> str | None:
    text = "".join(decode(source[token.start : token.end]) for token in tokens)
    return " ".join(text.split()) or None


def _title(tokens: Sequence[Token]) -> list[Token]:
    """The content of the first `title` that has any."""
    for number, token in enumerate(tokens):
        if token.kind == RCDATA and tokens[number - 1].name == "title":
            return [token]
    return []


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    begun: dict[str, list[int]] = {}
    partners: dict[int, int] = {}
    for number, token in enumerate(tokens):
        if token.name not in HIDDEN and token.name not in FURNITURE:
            continue
        if token.kind == START:
            begun.setdefault(token.name, []).append(number)
        elif begun.get(token.name):
            start = begun[token.name].pop()
            partners[start], partners[number] = number, start
    return partners
