"""JSON lines: one object a line, one of its fields an article (jsonlines.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ..models import Document, Needs, Origin, Reading, Source
from ._lines import candidates_of
from ._records import bad_record, date_of, make_document, text_of, url_of

_BOM = b"\xef\xbb\xbf"


class JsonLines:
    name = "jsonl"
    suffixes = frozenset({".jsonl", ".ndjson", ".jl"})
    media_types = frozenset(
        {"application/jsonl", "application/x-ndjson", "application/ndjson", "application/jsonlines"}
    )
    begins = re.compile(rb"(?:\xef\xbb\xbf)?\{\s*\"[^\n]*\}\r?\n\{\s*\"")
    """Two lines that both look like an object."""
    needs = Needs.STREAM
    is_divisible = True

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        for row, offset, line in candidates_of(source, reading):
            try:
                record = _parsed(line.removeprefix(_BOM) if offset == 0 else line)
                text = text_of(record, reading.field)
            except (ValueError, LookupError) as error:
                reading.on_bad(bad_record(source, str(error), row=row, offset=offset))
                continue
            if not text:
                reading.on_skipped(1)
                continue
            yield make_document(
                text,
                key=str(row),
                origin=Origin(source.uri, row, offset, url_of(record)),
                published_at=date_of(record),
            )


def _parsed(line: bytes) -> Mapping[str, object]:
    """Raises ValueError with what is wrong."""
    try:
        record = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"no UTF-8 at byte {error.start} of the line") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("JSON that is nested too deeply") from None
    if not isinstance(record, Mapping):
        raise ValueError("JSON that is no object")
    return record


READER = JsonLines()
