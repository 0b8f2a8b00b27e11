"""Feeds: RSS 0.9 to 2.0, Atom and JSON Feed; each entry is an article.

Sources: rssboard.org/rss-specification, RFC 4287, jsonfeed.org/version/1.1, and for the whole
article in RSS the element `content:encoded` (web.resource.org/rss/1.0/modules/content).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..errors import InputError
from ..models import Document, Needs, Origin, Reading, Source
from ..streams import head_of, read_all
from ._expat import Element
from ._records import MAX_RECORD, bad_record, is_wanted, make_document, parse_date, web_address
from ._xml import PROLOGUE, records_of

_ENTRIES = frozenset({"item", "entry", "rss:item", "atom:entry"})
_WORDPRESS = rb"wordpress\.org/export/"
_MAX_JSON = 4 * MAX_RECORD
_MAX_KEYS = 100_000
"""Entries of which the ids are kept, to see that no two are the same; a feed has some dozens."""


class Feed:
    name = "feed"
    suffixes = frozenset({".rss", ".atom"})
    media_types = frozenset(
        {
            "application/rss+xml",
            "application/atom+xml",
            "application/rdf+xml",
            "application/feed+json",
        }
    )
    begins = re.compile(
        PROLOGUE + rb"<(?:rss|feed|rdf:RDF|atom:feed)[\s>](?!(?s:.*)" + _WORDPRESS + rb")"
        rb"|(?s:\s*+\{(?=.{0,4000}?\"https?:\\?/\\?/jsonfeed\.org\\?/version))",
    )
    needs = Needs.STREAM

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        is_json = head_of(source.stream).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        keys = _Keys()
        yield from (_of_json if is_json else _of_xml)(source, reading, keys)


class _Keys:
    """Names for entries: their own ids, which stay when the feed moves on, or else their rows."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def of(self, own: str, row: int) -> str:
        own = " ".join(own.split())
        if not own or len(own) > 500 or own in self._seen or len(self._seen) >= _MAX_KEYS:
            return str(row)
        self._seen.add(own)
        return own


def _of_xml(source: Source, reading: Reading, keys: _Keys) -> Iterator[Document]:
    for record in records_of(source, reading, _ENTRIES):
        entry = record.element
        text, media_type = _article(entry)
        url = _address(entry)
        key = keys.of(entry.text("guid", "id", "atom:id") or url or "", record.row)
        if not is_wanted(text, reading):
            continue
        dates = ("pubDate", "published", "dc:date", "issued", "updated", "atom:published")
        yield make_document(
            text,
            key=key,
            origin=Origin(source.uri, record.row, record.offset, url),
            media_type=media_type,
            published_at=parse_date(entry.text(*dates)),
        )


def _article(entry: Element) -> tuple[str, str | None]:
    """The fullest text that an entry has, and its media type where the entry says it."""
    for element in entry.all("content", "atom:content"):
        kind = element.attributes.get("type", "text")
        if kind in ("xhtml", "application/xhtml+xml"):
            return element.markup, "text/html"
        if element.words:
            return element.words, "text/html" if kind in ("html", "text/html") else None
    text = entry.text("content:encoded", "description", "rss:description", "summary")
    return text or entry.text("atom:summary"), None


def _address(entry: Element) -> str | None:
    for link in entry.all("link", "atom:link", "rss:link"):
        if link.attributes.get("rel", "alternate") == "alternate":
            address = web_address(link.attributes.get("href") or link.words)
            if address:
                return address
    return web_address(entry.text("guid"))


def _of_json(source: Source, reading: Reading, keys: _Keys) -> Iterator[Document]:
    content = read_all(source.stream, _MAX_JSON)
    if content is None:
        reason = f"a JSON feed of more than {_MAX_JSON >> 20} MB is not read"
        raise InputError(f"{source.uri}: {reason}", uri=source.uri)
    try:
        feed = json.loads(content.decode("utf-8-sig"))
        items = feed["items"] if isinstance(feed, dict) else None
    except (ValueError, LookupError, RecursionError) as error:
        raise InputError(f"{source.uri}: no JSON feed: {error}", uri=source.uri) from None
    for row, item in enumerate(items if isinstance(items, list) else [], 1):
        if not isinstance(item, dict):
            reading.on_bad(bad_record(source, "an entry that is no object", row=row))
            continue
        html, text = item.get("content_html"), item.get("content_text")
        url = web_address(item.get("url"))
        key = keys.of(str(item.get("id") or url or ""), row)
        words = next((words for words in (html, text) if isinstance(words, str)), "")
        if not is_wanted(words, reading):
            continue
        yield make_document(
            words,
            key=key,
            origin=Origin(source.uri, row, None, url),
            media_type="text/html" if isinstance(html, str) else "text/plain",
            published_at=parse_date(item.get("date_published")),
        )


READER = Feed()
