"""WordPress exports (WXR): posts and pages, and what WordPress has kept of the posts they embed.

WordPress asks the service for the embed code of each link in a post once, and keeps the answer
beside the post under `_oembed_` and a hash (WP_Embed::shortcode in wp-includes/class-wp-embed.php);
`{{unknown}}` where there was none. The answer names the post and holds its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Document, Needs, Origin, Reading, Source
from ._expat import Record
from ._records import is_wanted, make_document, parse_date, web_address
from ._xml import PROLOGUE, records_of

_ITEMS = frozenset({"item"})
_CACHED = re.compile("_oembed_[0-9a-f]{32}")


class Wxr:
    name = "wxr"
    suffixes = frozenset({".wxr"})
    media_types: frozenset[str] = frozenset()
    begins = re.compile(PROLOGUE + rb"<rss[\s>](?s:.*?)wordpress\.org/export/")
    needs = Needs.STREAM

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        for record in records_of(source, reading, _ITEMS):
            yield from _documents(source, reading, record)


def _documents(source: Source, reading: Reading, record: Record) -> Iterator[Document]:
    """The post of an item, and each cached embed of it as a page of its own."""
    item = record.element
    number = item.text("wp:post_id")
    key = number if number.isascii() and number.isdigit() else str(record.row)
    texts = {key: item.text("content:encoded")}
    for meta in item.all("wp:postmeta"):
        name = meta.text("wp:meta_key")
        if _CACHED.fullmatch(name):
            texts[f"{key}/{name}"] = meta.text("wp:meta_value")
    for each, text in texts.items():
        if text and text != "{{unknown}}" and is_wanted(text, reading):
            date = parse_date(_set(item.text("wp:post_date_gmt")))
            url = web_address(item.text("link"))
            yield make_document(
                text,
                key=each,
                origin=Origin(source.uri, record.row, record.offset, url),
                media_type="text/html",
                published_at=date or parse_date(item.text("pubDate")),
            )


def _set(date: str) -> str:
    """Drafts have zeros for the date."""
    return "" if date.startswith("0000") else date


READER = Wxr()
