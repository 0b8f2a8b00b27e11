"""An embed's blockquote → what it says of the post; works on its visible text, from the end.

The last link to a post carries the date; before it stands `(@handle)`, before that the last dash
and the name; all above is the post. Paragraph tags are often lost, doubled or never closed, so
they only count where no attribution does.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from ..flattened.dates import parse_date
from ..flattened.visible import codes_in
from ..models import Claim, PostUrl, Span
from ..networks import identify
from ..projection import Link, Markup, Projection
from ..tokenizer import START

_HANDLE = re.compile(r"[(（]\s?@([A-Za-z0-9_]{1,15}|[A-Za-z0-9_.@-]{3,120})\s?[)）]")
_DASH_FIRST = re.compile(r"[\s\ufeff\u200e\u200f]*(?:[—–―‒]|--?|&mdash;)")
_LONG_DASH = re.compile(r"[—―]|&mdash;")
_SHORT_DASH = re.compile(r"(?:(?<=\s)|^)(?:–|--?)(?=\s)")
_JSX_BLANK = re.compile(r"""[ ]?\{(['"]) \1\}[ ]?""")
_EDGES = " \t\r\n\f\u00a0\u00ad\u200b\u200e\u200f\u2060\u202a\u202b\u202c\ufeff"
_TIME_BEHIND = re.compile(r"(?:,|\s+(?:at|um|à|a las|às|alle|o))?\s+[0-9]{1,2}[:.][0-9]{2}.*")
_TIME_BEFORE = re.compile(
    r"\A[0-9]{1,2}:[0-9]{2}(?:\s?[AP]M)?\s{0,3}[-·∙•,]?\s{0,3}", re.IGNORECASE
)
_NAME_LENGTH = 60
"""Names hold at most 50 characters; some slack for what was typed by hand."""
_HONORIFIC = "さん"
_INDIRECT = frozenset({"twterm", "intent", "thread"})
"""Ways in which a link names a post that is not what it links to."""


class Quote(NamedTuple):
    """What the tokens of one quote say; spans index the document."""

    post: PostUrl | None
    url: str | None
    has_attribution: bool
    handle: str | None = None
    name: str | None = None
    date: date | None = None
    text: str | None = None
    text_span: Span | None = None
    codes: tuple[str, ...] = ()
    has_links: bool = False

    def claim(
        self,
        network: str,
        post_id: str | None,
        confidence: float = 1.0,
        flags: tuple[str, ...] = (),
    ) -> Claim:
        """The quote as a claim to be that post."""
        return Claim(
            network=network,
            post_id=post_id,
            handle=self.handle or (self.post.handle if self.post else None),
            name=self.name,
            date=self.date,
            text=self.text,
            text_span=self.text_span,
            codes=self.codes,
            confidence=confidence,
            flags=flags,
        )


class _Attribution(NamedTuple):
    start: int
    """Of the dash, in the visible text."""
    handle: str | None
    name: str | None


def read_quote(markup: Markup, first: int, last: int, network: str = "x") -> Quote:
    """Reads tokens `first` to `last` as a quote of a post of `network`."""
    visible = markup.visible(first, last)
    links = markup.links_within(first, last)
    if not links and not visible.text.strip():
        return Quote(None, None, has_attribution=False)
    link, post, printed = _attribution_link(markup, links, network)
    end = visible.at(link.start) if link else len(visible.text)
    attribution, behind_handle = _attribution(visible.text, end, is_dated=printed is not None)
    if attribution is not None:
        span = (0, attribution.start)
        if printed is None:
            tail = visible.text[visible.at(link.end) :] if link else ""
            printed = parse_date(behind_handle) or printed_day(tail[:40])
    else:
        span = _marked_paragraph(markup, visible, first, last)
    text, text_span = trimmed(markup, visible, *span)
    return Quote(
        post=post,
        url=link.href if link and post else None,
        has_attribution=attribution is not None,
        handle=attribution.handle if attribution else None,
        name=attribution.name if attribution else None,
        date=printed,
        text=text,
        text_span=text_span,
        codes=_codes(text, links, printed),
        has_links=bool(links),
    )


def _attribution_link(
    markup: Markup, links: list[Link], network: str
) -> tuple[Link | None, PostUrl | None, date | None]:
    """The last link to a post, better one with a date; links in the text come before it."""
    best: Link | None = None
    best_post: PostUrl | None = None
    for link in reversed(links):
        post = identify(link.href)
        if post is None or post.target.network != network:
            continue
        is_direct = post.wrapper not in _INDIRECT
        if is_direct and (printed := _date(markup, link)) is not None:
            return link, post, printed
        if best_post is None or (is_direct and best_post.wrapper in _INDIRECT):
            best, best_post = link, post
    # That of a direct link has been looked for.
    is_indirect = best_post is not None and best_post.wrapper in _INDIRECT
    return best, best_post, _date(markup, best) if best and is_indirect else None


def _date(markup: Markup, link: Link) -> date | None:
    """The day of a link; the old `data-datetime` is exact UTC and goes before the words."""
    start, end = markup.tokens.starts[link.token], markup.tokens.ends[link.token]
    is_dated = "datetime" in markup.text[start:end].lower()  # few are, and attributes cost time
    for name, value in markup.attributes(link.token).items() if is_dated else ():
        if name in ("data-datetime", "datetime"):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                continue
    return printed_day(link.text)


def printed_day(text: str) -> date | None:
    """The day of `May 2, 2020`, `12:11 PM · May 2, 2020` or `2 May 2020 at 12:11`."""
    text = text.strip(_EDGES)[:80]
    if not text:
        return None
    return parse_date(text) or parse_date(_TIME_BEHIND.sub("", _TIME_BEFORE.sub("", text)))


def _attribution(text: str, end: int, *, is_dated: bool) -> tuple[_Attribution | None, str]:
    """The attribution before `end`, and what stands between it and `end`."""
    head = text[:end]
    if "{" in head:
        head = _JSX_BLANK.sub(lambda found: " " * len(found[0]), head)
    head = head.rstrip(_EDGES)
    lowest = max(0, len(head) - 200)
    opening = max(head.rfind("(", lowest), head.rfind("（", lowest))
    found = _HANDLE.match(head, opening) if opening >= 0 else None
    if found is not None:
        behind = head[found.end() :].strip(_EDGES)
        if behind and parse_date(behind) is None:
            found = None
    if found is None:
        start, name = _name(head, len(head), needs_dash=True)
        if start is None or not is_dated:
            return None, ""
        return _Attribution(start, None, name), ""
    start, name = _name(head, found.start(), needs_dash=False)
    at = found.start() if start is None else start
    return _Attribution(at, found[1], name), head[found.end() :].strip(_EDGES)


def _name(head: str, end: int, *, needs_dash: bool) -> tuple[int | None, str | None]:
    """Where the attribution that `end` closes begins, and the name in it.

    On a line of its own it begins with the line: names hold dashes too. Else with the last dash.
    """
    end = len(head[:end].rstrip(_EDGES))
    line = head.rfind("\n", 0, end) + 1
    dash = _DASH_FIRST.match(head, line, end)
    if dash is None:
        lowest = max(line, end - _NAME_LENGTH)
        dashes = list(_LONG_DASH.finditer(head, lowest, end))
        dashes = dashes or list(_SHORT_DASH.finditer(head, lowest, end))
        dash = dashes[-1] if dashes else None
    if dash is not None:
        return dash.start(), _clean_name(head[dash.end() : end])
    if needs_dash or not 0 < end - line <= _NAME_LENGTH or line == 0:
        return None, None
    return line, _clean_name(head[line:end])


def _clean_name(name: str) -> str | None:
    return " ".join(name.split()).strip(_EDGES) or None


def without_honorific(name: str | None) -> str | None:
    """The name without the さん that the Japanese template of 2011-2013 added."""
    if name and name.endswith(_HONORIFIC) and len(name) > len(_HONORIFIC):
        return name.removesuffix(_HONORIFIC)
    return name


def _marked_paragraph(
    markup: Markup, visible: Projection, first: int, last: int
) -> tuple[int, int]:
    """Where there is no attribution: the paragraph whose language the service marked.

    Without that mark the words may be anything: `Loading tweet...`, the bare URL.
    """
    for index in range(first + 1, last):
        token = markup.tokens[index]
        if token.kind != START or token.name != "p":
            continue
        if markup.attributes(index).keys() & {"lang", "dir", "xml:lang"}:
            after = min(markup.element_end(index), last)
            end = markup.tokens[after - 1].end
            return visible.at(token.start), visible.at(end)
    return 0, 0


def trimmed(
    markup: Markup, visible: Projection, start: int, end: int
) -> tuple[str | None, Span | None]:
    """Visible characters `start` to `end` without what cannot be seen, and their place."""
    text = visible.text[start:end]
    stripped = text.strip(_EDGES)
    if not stripped:
        return None, None
    start += text.index(stripped)
    place = visible.source(start, start + len(stripped))
    return _JSX_BLANK.sub(" ", stripped), markup.place(place.start, place.end)


def _codes(text: str | None, links: list[Link], printed: date | None) -> tuple[str, ...]:
    """The codes of the text and behind its links, which may show a pretty address instead."""
    behind = " ".join(link.href for link in links if "t.co/" in link.href)
    return codes_in(f"{text or ''} {behind}", printed)
