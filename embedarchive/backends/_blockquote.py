"""The HTML of an oEmbed answer of X, of any year since 2011 → what it says of the post. Pure.

`<blockquote class="twitter-tweet"><p lang dir>TEXT</p>&mdash; NAME (@HANDLE) <a href>DATE</a>`,
where TEXT is escaped once and holds `<br>` and `<a>` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..models import Entity
from ..tokenizer import END, START, TEXT, Token, attributes, decode, tokenize
from ._x_text import code_of

MAX_HTML = 200_000
"""Characters; recorded answers have up to 1 700."""

_OWN_URLS = tuple(
    f"{scheme}://{host}/"
    for scheme in ("https", "http")
    for host in ("twitter.com", "www.twitter.com", "x.com", "www.x.com")
)
_MEDIA_HOSTS = ("pic.twitter.com/", "pic.x.com/")


@dataclass(slots=True)
class Blockquote:
    """What the markup says."""

    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    lang: str | None = None
    direction: str | None = None
    attribution: str = ""
    """`— NAME (@HANDLE)`, as it stands before the date."""
    permalink: str | None = None
    printed_date: str = ""
    datetime: str | None = None
    """`data-datetime`, until 2013."""
    in_reply_to: str | None = None
    """`data-in-reply-to`, until 2013."""

    def name(self, handle: str) -> str:
        """The name before `(@handle)` in the attribution."""
        before, _, _ = self.attribution.rpartition(f"(@{handle})")
        return before.strip().lstrip("—–-").strip()


def read_blockquote(markup: str) -> Blockquote | None:
    """The first embedded post of the markup; None where there is none."""
    if len(markup) > MAX_HTML:
        return None
    reader = _Reader(markup)
    for token in tokenize(markup):
        if reader.is_done:
            break
        reader.take(token)
    return reader.found


class _Reader:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.found: Blockquote | None = None
        self.is_done = False
        self._is_in_text = False
        self._link: Mapping[str, str] | None = None
        self._link_start = 0

    def take(self, token: Token) -> None:
        if self.found is None:
            if token.kind == START and token.name == "blockquote":
                self._begin(self._attributes(token))
        elif token.kind == TEXT:
            self._add(decode(self.markup[token.start : token.end]))
        elif token.kind == START:
            self._open(token)
        elif token.kind == END:
            self._close(token.name)

    def _begin(self, values: Mapping[str, str]) -> None:
        classes = values.get("class", "").split()
        if "twitter-tweet" in classes or "twitter-video" in classes:
            self.found = Blockquote(in_reply_to=values.get("data-in-reply-to"))

    def _add(self, text: str) -> None:
        assert self.found is not None
        if self._is_in_text:
            self.found.text += text
        elif self._link is not None:
            self.found.printed_date += text
        else:
            self.found.attribution += text

    def _open(self, token: Token) -> None:
        assert self.found is not None
        values = self._attributes(token)
        if token.name == "br":
            self._add("\n")
        elif token.name == "p" and not self.found.text:
            self._is_in_text = True
            self.found.lang = values.get("lang")
            self.found.direction = values.get("dir")
        elif token.name == "a":
            self._link, self._link_start = values, len(self.found.text)
            if not self._is_in_text:
                self.found.printed_date = ""

    def _close(self, name: str) -> None:
        assert self.found is not None
        if name == "blockquote":
            self.is_done = True
        elif name == "p":
            self._is_in_text = False
        elif name == "a" and self._link is not None:
            if self._is_in_text:
                self._add_entity(self._link)
            else:
                self.found.permalink = self._link.get("href")
                self.found.datetime = self._link.get("data-datetime")
            self._link = None

    def _add_entity(self, link: Mapping[str, str]) -> None:
        assert self.found is not None
        text, start, href = self.found.text, self._link_start, link.get("href", "")
        if not href.startswith(("https://", "http://")) or start == len(text):
            return
        type_ = _type_of(text[start:], href)
        if type_ == "url" and start and text[start - 1] in "@#$" and not code_of(href):
            # Until 2013 the sign stood before the link.
            start -= 1
            type_ = _type_of(text[start:], href)
        # Until 2013 the expanded URL stood in the title.
        title = link.get("title", "")
        url = title if title.startswith(("https://", "http://")) else href
        self.found.entities.append(
            Entity(start, len(text), type_, text[start:], url, code_of(href))
        )

    def _attributes(self, tag: Token) -> Mapping[str, str]:
        values: dict[str, str] = {}
        for attribute in attributes(self.markup, tag):
            values.setdefault(attribute.name, attribute.value)
        return values


def _type_of(label: str, href: str) -> str:
    if code_of(href):
        return "media" if label.startswith(_MEDIA_HOSTS) else "url"
    if href.startswith(_OWN_URLS):
        signs = {"@": "mention", "#": "hashtag", "＃": "hashtag", "$": "cashtag"}
        return signs.get(label[:1], "url")
    return "url"
