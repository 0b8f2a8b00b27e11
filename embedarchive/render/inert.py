"""Foreign HTML → the same structure without script, style or request, with cards in its places.

Pure. Elements and attributes are allowed by name, text is escaped anew, and every element that
is opened is closed here, so that nothing in the article reaches outside its container.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple
from urllib.parse import urljoin

from ..tokenizer import END, START, TEXT, Token, attributes, decode, tokenize
from .allowed import (
    ATTRIBUTES,
    ENDED_BY,
    EVERYWHERE,
    FURNITURE,
    HIDDEN,
    INLINE,
    REOPENED,
    VOID,
    output_name,
)
from .attachments import web_url
from .outline import Outline

_ANCHOR = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_ID = re.compile(r' id="[^"]*"')
_MAX_DEPTH = 200


class Edit(NamedTuple):
    """A range of the source that gives way to card number `card`, or (None) to nothing."""

    start: int
    end: int
    card: int | None


@dataclass(slots=True)
class InertPage:
    """What is left of a page: HTML, and numbers where the cards go."""

    parts: list[str | int] = field(default_factory=list)
    title: str | None = None
    headline: str | None = None
    lang: str | None = None
    direction: str | None = None


def make_inert(
    source: str, edits: Sequence[Edit] = (), *, base: str = "", prefix: str = "a-"
) -> InertPage:
    """The page of HTML `source`; `edits` lie in order and apart. Relative links join `base`.

    Its anchors are written behind `prefix`.
    """
    return _Writer(source, edits, base, prefix).run()


class _Open(NamedTuple):
    name: str
    tag: str
    """As it was written, to be written again behind a card."""


class _Writer:
    """One pass over one page."""

    def __init__(self, source: str, edits: Sequence[Edit], base: str, prefix: str) -> None:
        self.source = source
        self.places = edits
        self.ends = [edit.end for edit in edits]
        self.edits = deque(edits)
        """Those not yet behind us."""
        self.base = base
        self.prefix = prefix
        self.tokens = tokenize(source)
        self.outline = Outline(source, self.tokens)
        self.page = InertPage(
            title=self.outline.title,
            headline=self.outline.headline,
            lang=self.outline.root.get("lang"),
            direction=self.outline.root.get("dir"),
        )
        self.out: list[str] = []
        self.open: list[_Open] = []
        self.names: Counter[str] = Counter()
        """How many of each are open: most stray end tags are told without a search."""
        self.ids: set[str] = set()
        self.hidden_until = self.head_end = 0
        self.pending: list[Token] = []
        """Elements begun inside the current edit and not ended there."""
        self.late: list[int] = []
        """Cards of what was found in the page's head: they come last."""

    def run(self) -> InertPage:
        for number, token in enumerate(self.tokens):
            self._leave_up_to(token.start)
            if token.kind == TEXT:
                self._text_token(token)
            elif token.kind in (START, END) and token.start >= self.hidden_until:
                self._tag_token(token, number)
        self._leave_up_to(len(self.source))
        self._close_to(0)
        self._flush()
        self.page.parts += self.late
        return self.page

    # --- edits ---------------------------------------------------------------------------------

    def _leave_up_to(self, at: int) -> None:
        while self.edits and self.edits[0].end <= at:
            self._leave(self.edits.popleft())

    def _leave(self, edit: Edit) -> None:
        """Put the card, then open again what the edit began and did not end."""
        if edit.card is not None and edit.end <= self.head_end:
            self.late.append(edit.card)
        elif edit.card is not None:
            again: list[_Open] = []
            while self.open and self.open[-1].name in REOPENED:
                again.append(self._pop())
            self._flush()
            self.page.parts.append(edit.card)
            for item in reversed(again):
                self._push(_Open(item.name, _ID.sub("", item.tag)))
        for token in self.pending:
            self._start(token)
        self.pending.clear()

    def _swallow(self, token: Token) -> None:
        """A tag inside an edit: only one that has no partner there has an effect outside."""
        pending = self.pending
        if token.kind == START:
            is_kept = output_name(token.name) and token.name not in VOID
            if is_kept and len(pending) < _MAX_DEPTH:
                pending.append(token)
            return
        for index in range(len(pending) - 1, -1, -1):
            if pending[index].name == token.name:
                del pending[index:]
                return
        self._end(token)

    # --- tokens --------------------------------------------------------------------------------

    def _text_token(self, token: Token) -> None:
        at = token.start
        while self.edits and self.edits[0].end <= token.end:
            edit = self.edits.popleft()
            self._text(at, edit.start)
            at = max(at, edit.end)
            self._leave(edit)
        self._text(at, min(token.end, self.edits[0].start) if self.edits else token.end)

    def _text(self, start: int, end: int) -> None:
        start = max(start, self.hidden_until)
        if start < end:
            self.out.append(escape(decode(self.source[start:end]), quote=False))

    def _tag_token(self, token: Token, number: int) -> None:
        if token.kind == START and token.name in HIDDEN:
            partner = self.outline.partners.get(number)
            # One that never ends hides its tag alone.
            self.hidden_until = self.tokens[number if partner is None else partner].end
            if token.name == "head":
                self.head_end = self.hidden_until
        elif self.edits and token.end > self.edits[0].start:
            self._swallow(token)
        else:
            self._tag(token, number)

    def _tag(self, token: Token, number: int) -> None:
        if token.name in FURNITURE:
            self._furniture(token, number)
        elif token.kind == END:
            self._end(token)
        elif token.name == "img":
            self._picture(token)
        else:
            self._start(token)

    def _start(self, token: Token) -> None:
        name = output_name(token.name)
        if name is None:
            return
        while self.open and self.open[-1].name in ENDED_BY.get(name, ()):
            self._pop()
        tag = f"<{name}{self._attributes(token, name)}>"
        if name in VOID:
            self.out.append(tag)
        else:
            self._push(_Open(name, tag))

    def _push(self, item: _Open) -> None:
        if len(self.open) < _MAX_DEPTH:
            self.open.append(item)
            self.names[item.name] += 1
            self.out.append(item.tag)

    def _pop(self) -> _Open:
        item = self.open.pop()
        self.names[item.name] -= 1
        self.out.append(f"</{item.name}>")
        return item

    def _end(self, token: Token) -> None:
        name = output_name(token.name)
        if name is None or not self.names[name]:
            return
        index = max(i for i, item in enumerate(self.open) if item.name == name)
        if name in INLINE and name != "p":
            # Browsers put misnested `<b><i></b></i>` right by themselves.
            del self.open[index]
            self.names[name] -= 1
            self.out.append(f"</{name}>")
        else:
            self._close_to(index)

    def _close_to(self, depth: int) -> None:
        while len(self.open) > depth:
            self._pop()

    def _furniture(self, token: Token, number: int) -> None:
        if token.kind == END:
            if self._is_folded(self.outline.partners.get(number, number)):
                self._end(Token(END, token.start, token.end, "details"))
        elif self._is_folded(number):
            self._push(_Open("details", '<details class="furniture">'))
            self.out.append(f"<summary>{FURNITURE[token.name]}</summary>")

    def _is_folded(self, number: int) -> bool:
        partner = self.outline.partners.get(number)
        if partner is None or self.outline.has_headline(number, partner):
            return False
        start, end = self.tokens[number].start, self.tokens[partner].end
        after = bisect(self.ends, start)
        return after == len(self.places) or self.places[after].start >= end

    def _picture(self, token: Token) -> None:
        for attribute in attributes(self.source, token):
            if attribute.name == "alt" and attribute.value.strip():
                text = escape(attribute.value.strip())
                self.out.append(f'<span class="picture">Picture: {text}</span>')
                return

    def _attributes(self, token: Token, name: str) -> str:
        allowed = EVERYWHERE | ATTRIBUTES.get(name, set())
        kept: dict[str, str] = {}
        for key, value, _start, _end in attributes(self.source, token):
            if key not in allowed:
                continue
            out, text = self._attribute(key, value)
            if text is not None:
                kept.setdefault(out, text)
        written = "".join(f' {key}="{escape(text)}"' for key, text in kept.items())
        external = kept.get("href", "#").startswith("#")
        return written if external else f'{written} rel="noreferrer nofollow noopener"'

    def _attribute(self, key: str, value: str) -> tuple[str, str | None]:
        """Its name and value as they may stand; None where it may not."""
        if key == "href":
            return key, self._href(value.strip())
        if key in ("id", "name"):
            # Behind a prefix, so that the article's anchors are no names of ours.
            if not _ANCHOR.fullmatch(value) or value in self.ids:
                return "id", None
            self.ids.add(value)
            return "id", f"{self.prefix}{value}"
        return key, value

    def _href(self, value: str) -> str | None:
        if value.startswith("#"):
            return f"#{self.prefix}{value[1:]}" if _ANCHOR.fullmatch(value[1:]) else None
        if self.base and not web_url(value):
            try:
                value = urljoin(self.base, value)
            except ValueError:
                return None
        return web_url(value)

    def _flush(self) -> None:
        if self.out:
            self.page.parts.append("".join(self.out))
            self.out = []
