"""What a row of a damaged archive must be to be brought over. Reads no file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import FixityError
from ..models import Level, Outcome
from .rows import from_stamp, from_stamp_or_none, to_body

Row = dict[str, Any]


def put_right(table: str, row: Row) -> None:
    """Make a row what is stored first: nothing in it points at rows that are not there yet.

    Raises FixityError where bytes are not what was stored, ValueError or TypeError where a value
    is none that the archive can read again.
    """
    for column, read in _READ.get(table, {}).items():
        try:
            if column in row:
                read(row[column])
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"{column}: {error}") from error
    _CHANGES.get(table, _as_it_is)(row)


def _an_object(text: str) -> None:
    if not isinstance(json.loads(text), dict):
        raise ValueError("not an object")


_ANSWER: Mapping[str, Callable[[Any], object]] = {"received_at": from_stamp, "headers": _an_object}

_READ: Mapping[str, Mapping[str, Callable[[Any], object]]] = {
    "posts": {"created_at": from_stamp_or_none, "forgotten_at": from_stamp_or_none},
    "document_versions": {"first_seen": from_stamp, "last_seen": from_stamp},
    "resolutions": {"level": Level, "evidence": _an_object, "resolved_at": from_stamp},
    "captures": {"outcome": Outcome, "captured_at": from_stamp, "headers": _an_object},
    "refused_answers": _ANSWER,
    "refused_lookups": _ANSWER,
    "post_media": {"fetched_at": from_stamp},
    "hosts": {"not_before": from_stamp_or_none},
    "runs": {"started_at": from_stamp, "finished_at": from_stamp_or_none},
}
"""Table → column → what reads it, whenever the archive is opened again."""


def _whole_payload(row: Row) -> None:
    if row["body"] is not None:
        found = f"sha256:{hashlib.sha256(to_body(row)).hexdigest()}"
        if found != row["digest"]:
            raise FixityError(f"{row['digest']}: its bytes have the digest {found}")


def _whole_media(row: Row) -> None:
    if row["content"] is not None:
        found = hashlib.sha256(row["content"]).hexdigest()
        if found != row["sha256"]:
            raise FixityError(f"{row['sha256']}: its bytes have the digest {found}")


def _as_it_is(row: Row) -> None:
    pass


def _without_version(row: Row) -> None:
    row["version"] = None


def _unsettled(row: Row) -> None:
    row["resolution"] = row["post"] = None


_CHANGES: dict[str, Callable[[Row], object]] = {
    "payloads": _whole_payload,
    "media": _whole_media,
    "documents": _without_version,
    "document_references": _unsettled,
}
