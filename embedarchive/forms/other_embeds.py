"""The embed code of other networks: one element a network, with an attribute that names the post.

Their attributions print the embedder's own time zone, so the day may be off by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..flattened.dates import parse_date
from ..models import Claim, PostUrl, Reference
from ..networks import PATTERNS, identify
from ..projection import Markup, Page
from ..tokenizer import decode
from ._element import claim_of, class_words, element_span, outside_code, refer, values
from ._quote import read_quote, trimmed


@dataclass(frozen=True, slots=True)
class _Code:
    """A network's embed code."""

    network: str
    word: str
    """In the class of the element."""
    attributes: tuple[str, ...]
    """That hold the post's address; where there are none, the first link that names a post."""


_CODES = (
    _Code("bluesky", "bluesky-embed", ("data-bluesky-uri",)),
    _Code("mastodon", "mastodon-embed", ("data-embed-url",)),
    _Code("instagram", "instagram-media", ("data-instgrm-permalink",)),
    _Code("threads", "text-post-media", ("data-text-post-permalink",)),
    _Code("tiktok", "tiktok-embed", ("cite",)),
    _Code("facebook", "fb-post", ("data-href",)),
    _Code("facebook", "fb-video", ("data-href",)),
    _Code("reddit", "reddit-embed-bq", ()),
    _Code("reddit", "reddit-card", ()),
)
_NAMES = ("blockquote", "div", "iframe")
_PERMALINK = re.compile(
    r"""data-(?:instgrm|text-post)-permalink\s{0,9}=\s{0,9}["']([^"'<>]{10,600})["']"""
)
_INSTAGRAM = re.compile(
    r"(?:shared by|compartida por|compartilhada por|partagée par|geteilter Beitrag von)\s"
    r"(?P<name>[^\n]{0,80}?)\s?\(@(?P<handle>[A-Za-z0-9_.]{1,30})\)"
    r"(?: on (?P<date>[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4}))?[^\n]{0,60}\s*\Z"
)
_FACEBOOK = re.compile(
    r"(?:Posted by|Publicado por|Publiée? par|Gepostet von|Geplaatst door)\s[^\n]{0,300}\Z"
)
_WEEKDAY = re.compile(r"[^\W0-9_]{3,20},\s*(?:den\s+)?(?=\S)")
_USER = re.compile(r"/(?:user|u)/([A-Za-z0-9_-]{3,20})/?")


class OtherEmbeds:
    name = "other_embeds"
    literals = (
        *(code.word.encode() for code in _CODES),
        *(b"instgrm-permalink", b"text-post-permalink"),
    )
    patterns = PATTERNS
    marks = b"="

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference an element, and one for an attribute torn from its element."""
        yield from outside_code(page, self._find(page))

    def _find(self, page: Page) -> Iterator[Reference]:
        text = page.document.text
        has_words = any(code.word in text for code in _CODES)
        covered: set[int] = set()
        if has_words:
            markup = page.markup
            for index in markup.named(*_NAMES):
                found = self._element(page, markup, index)
                if found is not None:
                    covered.update(
                        m.start() for m in _PERMALINK.finditer(text, found.start, found.end)
                    )
                    yield found
        for torn in _PERMALINK.finditer(text):
            post = identify(decode(torn[1], is_attribute=True))
            if post is not None and torn.start() not in covered:
                yield refer(page, page.markup, torn.span(), self.name, claim_of(post))

    def _element(self, page: Page, markup: Markup, index: int) -> Reference | None:
        attributes = values(markup, index)
        words = class_words(attributes)
        code = next((code for code in _CODES if code.word in words.split()), None)
        if code is None:
            return None
        after = markup.element_end(index)
        found = _post(markup, index, after, code, attributes)
        if found is None:
            return None
        url, post = found
        claim = _READERS.get(code.network, _plain)(markup, index, after, post)
        return refer(page, markup, element_span(markup, index), self.name, claim, url=url)


def _post(
    markup: Markup, index: int, after: int, code: _Code, attributes: Mapping[str, str]
) -> tuple[str, PostUrl] | None:
    addresses = [attributes[name] for name in code.attributes if name in attributes]
    addresses += [link.href for link in markup.links_within(index, after)]
    for address in addresses:
        post = identify(address)
        if post is not None and post.target.network == code.network:
            return address, post
    return None


def _plain(markup: Markup, first: int, last: int, post: PostUrl) -> Claim:
    return claim_of(post)


def _attributed(markup: Markup, first: int, last: int, post: PostUrl) -> Claim:
    """Bluesky: text, dash, name, handle in brackets, date."""
    quote = read_quote(markup, first, last, post.target.network)
    if not quote.has_attribution:
        return claim_of(post)
    return replace(
        claim_of(post),
        handle=quote.handle or post.handle,
        name=quote.name,
        date=quote.date,
        date_tolerance=1,
        text=quote.text,
        text_span=quote.text_span,
    )


def _instagram(markup: Markup, first: int, last: int, post: PostUrl) -> Claim:
    said = _INSTAGRAM.search(markup.visible(first, last).text[-400:])
    if said is None:
        return claim_of(post)
    return replace(
        claim_of(post),
        handle=said["handle"],
        name=said["name"].strip() or None,
        date=parse_date(said["date"] or ""),
        date_tolerance=1,
    )


def _facebook(markup: Markup, first: int, last: int, post: PostUrl) -> Claim:
    """`Posted by NAME on Thursday, December 31, 2020` below the text, in many languages."""
    visible = markup.visible(first, last)
    links = [link for link in markup.links_within(first, last) if link.text]
    credit = _FACEBOOK.search(visible.text)
    if credit is None or not links:
        return claim_of(post)
    text, span = trimmed(markup, visible, 0, credit.start())
    day = parse_date(links[-1].text) or parse_date(_WEEKDAY.sub("", links[-1].text, count=1))
    name = links[-2].text if len(links) > 1 else None
    return replace(claim_of(post), name=name, date=day, date_tolerance=1, text=text, text_span=span)


def _reddit(markup: Markup, first: int, last: int, post: PostUrl) -> Claim:
    """The title is the first link's text; a comment's own words are not in the code."""
    links = markup.links_within(first, last)
    user = next((found[1] for k in links if (found := _USER.search(k.href))), None)
    claim = replace(claim_of(post), handle=user or post.handle)
    is_comment = "/" in post.target.post_id
    return claim if is_comment or not links else replace(claim, text=links[0].text or None)


_READERS = {
    "bluesky": _attributed,
    "instagram": _instagram,
    "facebook": _facebook,
    "reddit": _reddit,
}

FORM = OtherEmbeds()
