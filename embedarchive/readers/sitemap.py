"""Sitemaps and their indexes: the pages they name are fetched and read (sitemaps.org/protocol).

A news sitemap says when an article was published (developers.google.com/search/docs, "news
sitemaps").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..errors import InputError, UpstreamError
from ..models import Document, Needs, Reading, Source
from ._records import bad_record, parse_date, web_address
from ._xml import PROLOGUE, records_of

_ENTRIES = frozenset({"url", "sitemap"})


class Sitemap:
    name = "sitemap"
    suffixes: frozenset[str] = frozenset()
    media_types: frozenset[str] = frozenset()
    begins = re.compile(PROLOGUE + rb"<(?:urlset|sitemapindex)[\s>]")
    needs = Needs.STREAM

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        for record in records_of(source, reading, _ENTRIES):
            url = web_address(record.element.text("loc"))
            if url is None:
                reason = "names no http(s) URL"
                reading.on_bad(bad_record(source, reason, row=record.row, offset=record.offset))
                continue
            if source.follow is None:
                raise InputError(
                    f"{source.uri}: the pages it names are not fetched, since the run is offline",
                    uri=source.uri,
                )
            news = next(record.element.all("news:news"), record.element)
            published = parse_date(news.text("news:publication_date"))
            try:
                for page in source.follow(url):
                    yield replace(page, published_at=page.published_at or published)
            except (InputError, UpstreamError) as error:
                reading.on_bad(error)


READER = Sitemap()
