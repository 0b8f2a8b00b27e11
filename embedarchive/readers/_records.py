"""Records inside a file → documents: which field is the article, when and where it appeared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..errors import InputError
from ..models import Document, Origin, Reading, Source

MAX_RECORD = 16 << 20
"""Bytes. An article is some kilobytes, a page with its pictures inside some megabytes."""

ARTICLES = frozenset({"response", "resource", "conversion"})
"""Types of WARC records that hold a page or a text."""

TEXT_FIELDS = (
    "text", "content", "body", "html", "article", "raw_content", "article_text", "article_body",
    "articleBody", "maintext", "main_text", "full_text", "fulltext", "raw_html", "content_html",
    "body_html", "markdown", "story",
)  # fmt: skip
"""Where the article is looked for where nobody says, the first one that there is."""
URL_FIELDS = (
    "url", "link", "canonical_url", "permalink", "source_url", "article_url", "uri",
    "metadata.url", "meta.url",
)  # fmt: skip
DATE_FIELDS = (
    "published_at", "date_published", "published", "date_publish", "publish_date", "pub_date",
    "pubDate", "datePublished", "publication_date", "date", "timestamp", "created_at",
    "metadata.date", "meta.date",
)  # fmt: skip

_MARKUP = re.compile(
    r"</(?:a|p|div|span|blockquote|h[1-6]|li|figure|em|strong|body|script|iframe)\s*>"
    r"|<(?:br|p|img|hr|blockquote|iframe|figure)[\s/>]",
    re.I,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_URL = re.compile("https?://[^\\s\\x00-\\x1f\ud800-\udfff]{1,2000}", re.I)
_DIGITS = re.compile(r"[0-9]{9,13}(?:\.[0-9]{1,9})?")


def make_document(
    text: str,
    *,
    key: str,
    origin: Origin,
    media_type: str | None = None,
    published_at: datetime | None = None,
) -> Document:
    """A record's document; `key` tells it from the others of its file.

    Without a `media_type` the text itself tells whether it is HTML. Halves of surrogate pairs,
    which JSON's escapes can hold and no encoding can, become U+FFFD.
    """
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    content = text.encode()
    return Document(
        uri=f"{origin.file}#{key}",
        media_type=media_type or kind_of(text),
        encoding="utf-8",
        content=content,
        text=text,
        digest="sha256:" + hashlib.sha256(content).hexdigest(),
        published_at=published_at,
        origin=origin,
    )


def is_wanted(text: str, reading: Reading) -> bool:
    """Whether a reference could be in a record's text; of one without any `on_skipped` is told."""
    if text and reading.is_candidate(text.encode("utf-8", "replace")):
        return True
    reading.on_skipped(1)
    return False


def kind_of(text: str) -> str:
    """The media type of a text that comes without one."""
    return "text/html" if "<" in text and _MARKUP.search(text) else "text/plain"


def bad_record(
    source: Source, reason: str, *, row: int | None = None, offset: int | None = None
) -> InputError:
    """The error that names a record by its file and place."""
    where = [f"row {row}"] if row is not None else []
    where += [f"byte {offset}"] if offset is not None else []
    message = f"{source.uri}: {', '.join(where)}: {reason}"
    return InputError(message, uri=source.uri, row=row, offset=offset)


def needs_extra(source: Source, what: str, extra: str) -> InputError:
    """The error of a file whose reader needs what is not installed; the others are still read."""
    message = f"{source.uri}: {what} needs: pip install 'embedarchive[{extra}]'"
    return InputError(message, uri=source.uri)


def look_up(record: object, field: str) -> object:
    """What a record holds under a dotted name; raises LookupError where there is no such place.

    A key that has the dots in itself comes first; numbers count into lists, from 0.
    """
    try:
        return _look_up(record, field)
    except LookupError:
        raise LookupError(f"no field {field!r}") from None


def _look_up(record: object, field: str) -> object:
    if isinstance(record, Mapping) and field in record:
        return record[field]
    name, dot, rest = field.partition(".")
    if isinstance(record, Mapping) and dot:
        return _look_up(record[name], rest)
    if isinstance(record, list) and re.fullmatch("[0-9]{1,9}", name):
        return _look_up(record[int(name)], rest) if dot else record[int(name)]
    raise LookupError(name)


def column_of(source: Source, columns: Sequence[str], field: str | None) -> str:
    """The column of a table that holds the articles, as the table writes its name.

    Raises InputError where there is none, with the columns that there are.
    """
    lower = {column.lower(): column for column in reversed(columns)}
    if field is not None and (field in columns or field.lower() in lower):
        return field if field in columns else lower[field.lower()]
    known = [lower[name] for name in TEXT_FIELDS if name in lower] if field is None else []
    if known:
        return known[0]
    wanted = f"no column {field!r}" if field else "no column that articles are known to be in"
    there = ", ".join(map(repr, columns[:30])) or "none"
    raise InputError(
        f"{source.uri}: {wanted}; name one with --field, there are: {there[:1000]}", uri=source.uri
    )


def text_of(record: Mapping[str, object], field: str | None) -> str:
    """A record's article; empty where it is null. A list of strings is one, a line for each.

    Raises LookupError with what is wrong.
    """
    if field is None:
        names = [name for name in TEXT_FIELDS if name in record]
        if not names:
            raise LookupError("no field that articles are known to be in; name it with --field")
        field = next((name for name in names if record[name]), names[0])
    found = look_up(record, field)
    if found is None:
        return ""
    if isinstance(found, list) and all(isinstance(line, str) for line in found):
        return "\n".join(found)
    if not isinstance(found, str):
        raise LookupError(f"field {field!r} holds no text")
    return found


def url_of(record: Mapping[str, object]) -> str | None:
    """The address that a record says it was published under, under one of the usual names."""
    return next(filter(None, map(web_address, _present(record, URL_FIELDS))), None)


def web_address(value: object) -> str | None:
    """The http(s) URL that a value is; None where it is something else."""
    text = value.strip() if isinstance(value, str) else ""
    return text if _URL.fullmatch(text) else None


def date_of(record: Mapping[str, object]) -> datetime | None:
    """When a record says it was published, under one of the usual names; aware, UTC."""
    return next(filter(None, map(parse_date, _present(record, DATE_FIELDS))), None)


def parse_date(value: object) -> datetime | None:
    """A moment as feeds, databases and APIs write it; None where it cannot be read.

    ISO 8601, RFC 5322 (RSS), and seconds or milliseconds since 1970. Without a zone it is UTC.
    """
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    try:
        if _DIGITS.fullmatch(text):
            number = float(text)
            return datetime.fromtimestamp(number / (1000 if number >= 1e11 else 1), UTC)
        moment = _parsed(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError, IndexError):
        return None


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text[:100])


def _present(record: Mapping[str, object], fields: Iterable[str]) -> Iterator[object]:
    for field in fields:
        if field in record:
            yield record[field]
        elif "." in field and field.partition(".")[0] in record:
            with suppress(LookupError):
                yield look_up(record, field)
