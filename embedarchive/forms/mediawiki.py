"""Wiki templates: `{{Cite tweet |user=... |number=...}}`, `{{Tweet|USER|ID|TEXT|DATE}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..flattened.dates import parse_date
from ..models import Claim, Kind, Reference, Span
from ..projection import Page
from ._arguments import target_of

_NAMES = r"(?:cite (?:tweet|x post|twitter)|tweet|twitter status|x post)"
_TEMPLATE = re.compile(rf"\{{\{{\s{{0,3}}({_NAMES})\s{{0,3}}\|", re.IGNORECASE)
# Links and templates inside a parameter, else a pipe, else what ends the template. One that lost
# its closing braces ends with the footnote or the paragraph it stands in.
_PIECE = re.compile(
    r"\[\[[^\[\]\n]{0,300}\]\]"
    rf"|(?P<end>\}}\}}|</ref|\n[ \t]*\r?\n|(?=\{{\{{\s{{0,3}}{_NAMES}\s{{0,3}}\|))"
    r"|\{\{[^{}\n]{0,300}\}\}|(?P<pipe>\|)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\s*([A-Za-z0-9_-]{1,20})\s*=")
_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,15})")
# The first parameter of house templates is often a person's name: `Volgar`, `jeb`.
_SURELY_HANDLE = re.compile(r"@|.*[0-9_]|.+[A-Z]")
_FOOTNOTE = re.compile(r"<ref[^<>]{0,100}>\s{0,3}\Z", re.IGNORECASE)
_MAX_LENGTH = 3000


class MediaWiki:
    name = "mediawiki"
    literals = (b"tweet", b"{{cite ", b"{{twitter", b"{{x post")
    marks = b"{|"
    patterns = (rf"\{{\{{\s{{0,3}}{_NAMES}\s{{0,3}}\|",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a template with an id: a link in footnotes, else an embed."""
        text = page.document.text
        for opening in _TEMPLATE.finditer(text):
            parameters, stop = _parameters(text, opening.end())
            claim = _claim(text, parameters)
            if claim is None:
                continue
            start = opening.start()
            is_cite = opening[1].lower().startswith("cite")
            is_note = is_cite or _FOOTNOTE.search(text[max(0, start - 110) : start])
            kind = Kind.LINK if is_note else Kind.EMBED
            yield Reference(start, stop, text[start:stop], self.name, kind, claim)


def _parameters(text: str, at: int) -> tuple[list[Span], int]:
    """The parts between pipes, and where the template ends."""
    limit = min(len(text), at + _MAX_LENGTH)
    spans: list[Span] = []
    begin = at
    for piece in _PIECE.finditer(text, at, limit):
        if piece["pipe"]:
            spans.append(Span(begin, piece.start()))
            begin = piece.end()
        elif piece["end"] is not None:
            is_closed = piece["end"] == "}}"
            return [*spans, Span(begin, piece.start())], piece.end() if is_closed else piece.start()
    return [*spans, Span(begin, limit)], limit


def _claim(text: str, parameters: list[Span]) -> Claim | None:
    positional: list[Span] = []
    named: dict[str, Span] = {}
    for span in parameters:
        key = _NAMED.match(text, span.start, span.end)
        if key is None:
            positional.append(_stripped(text, span))
        else:
            named.setdefault(key[1].lower(), _stripped(text, Span(key.end(), span.end)))
    places = dict(zip(("user", "number", "title", "date"), positional, strict=False)) | named
    found = {key: text[span.start : span.end] for key, span in places.items()}
    target = target_of("x", found.get("number") or found.get("id") or "")
    if target is None:
        return None
    user = found.get("user", "")
    handle = _HANDLE.fullmatch(user)
    if handle and not ("user" in named or _SURELY_HANDLE.match(user)):
        handle = None
    title = places.get("title")
    return Claim(
        post_id=target.post_id,
        handle=handle[1] if handle else None,
        name=found.get("author") or None,
        date=parse_date(found.get("date", "")),
        text=(found.get("title") or None),
        text_span=title if title and title.start < title.end else None,
    )


def _stripped(text: str, span: Span) -> Span:
    raw = text[span.start : span.end]
    start = span.start + len(raw) - len(raw.lstrip())
    return Span(start, max(start, start + len(raw.strip())))


FORM = MediaWiki()
