"""The URL of a post, however spelled and wrapped: alone on its line, in prose, as a link's target.

Alone on a line it is an auto-embed, or what is left of one; anywhere else it is a citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Claim, Kind, PostUrl, Reference, Span
from ..networks import NETWORKS, PATTERNS, identify, may_name_post
from ..projection import Link, Page
from ._found_urls import find_urls, may_hold_urls
from ._markdown import Notation, Written, code_spans, is_alone, line_before, written_as
from ._places import Places

# The article speaks of its own post, for readers to discuss or to pass on.
_SELF_PROMOTION = re.compile(
    r"\W{0,8}(?:(?:please|you can|or|also|now) ){0,2}"
    r"(?:re-?tweet\b|(?:discuss|comment|repl(?:y|ies)|respond|share|like|join|diskutier|kommentier"
    r"|discut|coment|compart)\w{0,8}\b[^.\n]{0,40}?"
    r"\b(?:(?:on|via|at|auf|sur|en|no) (?:twitter|x)|(?:this|the) (?:tweet|article|post))\b)",
    re.IGNORECASE,
)
_URL_LABEL = re.compile(r"(?:(?:https?://|www\.)\S{1,300})?", re.IGNORECASE)
_IS_LABEL = re.compile(r"\]\((?!\s{0,3}<?https?://t\.co/)")
"""Behind a label comes the target, which counts; but `t.co` hides what the label shows."""
_EMBEDDABLE = frozenset({None, "mirror", "embed"})
"""What auto-embedding software follows; an archive's address stays a link."""
_LINK = re.compile(r"<[aA]")
_ESCAPE = re.compile(r"&(?:#|(?!amp;|quot;)[A-Za-z][A-Za-z0-9]{1,31};)")
"""What may stand for a character of a post's address; a bare ampersand does not."""
_CODE_ELEMENTS = frozenset({"code", "pre", "textarea", "kbd", "samp"})


class StatusUrl:
    name = "status_url"
    literals = tuple(
        sorted(
            {raw for network in NETWORKS for raw in network.literals}
            | {raw.replace(b"/", b"%2f") for network in NETWORKS for raw in network.literals}
        )
    )
    patterns = PATTERNS

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a URL; of a link its target counts, never its label."""
        is_html = page.document.media_type == "text/html"
        text = page.document.text
        links = list(_in_links(page)) if is_html or _LINK.search(text) else []
        bare = (_in_visible_text if is_html else _in_text)(page, has_links=bool(links))
        yield from sorted([*links, *bare], key=lambda reference: reference.start)


def _reference(page: Page, span: Span, url: str, post: PostUrl, kind: Kind) -> Reference:
    return Reference(
        start=span.start,
        end=span.end,
        raw=page.document.text[span.start : span.end],
        form=FORM.name,
        kind=kind,
        claim=Claim(
            network=post.target.network,
            post_id=post.target.post_id,
            handle=post.handle,
            flags=(f"via-{post.wrapper}",) if post.wrapper else (),
        ),
        url=url,
    )


def _links(page: Page, *, has_links: bool) -> Places:
    """Where the links lie, where some of them lead to posts."""
    return Places([Span(link.start, link.end) for link in page.links] if has_links else ())


def _in_text(page: Page, *, has_links: bool) -> list[Reference]:
    """One reference a URL outside the links."""
    text = page.document.text
    taken = _links(page, has_links=has_links)
    code: Places | None = None
    references: list[Reference] = []
    for found in find_urls(text):
        written = written_as(text, found.start, found.end)
        if written.notation is Notation.BARE and _IS_LABEL.match(text, found.end):
            continue
        while references and references[-1].start >= written.start:
            references.pop()  # a URL in the label of this link
        if taken.hold(written.start):
            continue
        kind = _kind_in_text(text, written, found.post)
        if kind is Kind.EMBED:
            code = code or Places(code_spans(text))
            kind = Kind.LINK if code.hold(found.start) else kind
        span = Span(written.start, written.end)
        references.append(_reference(page, span, found.url, found.post, kind))
    return references


def _kind_in_text(text: str, written: Written, post: PostUrl) -> Kind:
    if written.notation in (Notation.IMAGE, Notation.DIRECTIVE):
        return Kind.EMBED
    if written.notation is Notation.ATTRIBUTE:
        return Kind.LINK
    if _SELF_PROMOTION.match(written.label or line_before(text, written.start)):
        return Kind.SIDEBAR
    is_bare = _shows_only(written.label, post)
    return Kind.EMBED if is_bare and is_alone(text, written.start, written.end) else Kind.LINK


def _shows_only(label: str, post: PostUrl) -> bool:
    """Whether a reader sees the post's own address, or nothing."""
    if post.wrapper not in _EMBEDDABLE or not _URL_LABEL.fullmatch(label):
        return False
    shown = identify(label)
    return shown is None or shown.target == post.target


def _in_links(page: Page) -> Iterator[Reference]:
    for link in page.markup.links_where(_may_name_post):
        if len(link.href) > 8 and (post := identify(link.href)):
            span = page.markup.place(link.start, link.end)
            yield _reference(page, span, link.href, post, _kind_of_link(page, link, post))


def _may_name_post(tag: str) -> bool:
    return may_name_post(tag) or ("&" in tag and _ESCAPE.search(tag) is not None)


def _kind_of_link(page: Page, link: Link, post: PostUrl) -> Kind:
    words = link.text
    if _SELF_PROMOTION.match(words):
        return Kind.SIDEBAR
    if not words or not _shows_only(words, post):
        return Kind.LINK
    at = page.visible.at(link.start)
    return Kind.EMBED if is_alone(page.visible.text, at, at + len(words)) else Kind.LINK


def _in_visible_text(page: Page, *, has_links: bool) -> Iterator[Reference]:
    if not may_hold_urls(page.words) or not may_hold_urls(page.markup.words_outside_links):
        return  # links are read as such
    text = page.visible.text
    taken = _links(page, has_links=has_links)
    code: Places | None = None
    for found in find_urls(text):
        span = page.visible.source(found.start, found.end)
        if taken.hold(span.start):
            continue
        kind = Kind.LINK
        if found.post.wrapper in _EMBEDDABLE and is_alone(text, found.start, found.end):
            code = code or Places(_code_elements(page))
            kind = Kind.LINK if code.hold(span.start) else Kind.EMBED
        elif _SELF_PROMOTION.match(line_before(text, found.start)):
            kind = Kind.SIDEBAR
        yield _reference(page, span, found.url, found.post, kind)


def _code_elements(page: Page) -> list[Span]:
    """The outermost elements that show code."""
    spans: list[Span] = []
    for index, token in enumerate(page.tokens):
        if token.name not in _CODE_ELEMENTS or (spans and token.start < spans[-1].end):
            continue
        after = page.markup.element_end(index)
        spans.append(Span(token.start, page.tokens[after - 1].end))
    return spans


FORM = StatusUrl()
