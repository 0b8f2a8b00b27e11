"""Posts, stubs and resolutions that the tests of the archive share."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from embedarchive.models import Document, Level, Reference, Resolution, Target
from embedarchive.store import Archive

from ..making_records import make_reference

POST = Target("x", "1787400000000000001")
OTHER_POST = Target("x", "1787400000000000002")
TEXT = """Rain at last.
— Vael Kanor (@Vaelkanor) May 6, 2024
Sun at last. pic.twitter.com/QwErTy1234
"""


def stub(document: Document, words: str = "Rain at last.", **claim: Any) -> Reference:
    """A reference that claims a handle and its own words."""
    return make_reference(document, words, **{"handle": "Vaelkanor", "text": words} | claim)


def matched(target: Target = POST, rule: str = "redirect", **evidence: object) -> Resolution:
    return Resolution(rule, Level.MATCHED, target, evidence)


def refused(candidate: Target = POST, rule: str = "redirect") -> Resolution:
    evidence = {"candidate": candidate.post_id}
    return Resolution(rule, Level.CLAIMED, None, evidence, refused="another day")


def count(archive: Archive, table: str) -> int:
    """The rows of a table, as another program sees them."""
    with closing(sqlite3.connect(archive.path)) as conn:
        (number,) = conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
    found: int = number
    return found


def stored(text: str | None) -> Any:
    """A text as it comes back: SQLite holds no lone surrogates."""
    return text and text.encode("utf-8", "backslashreplace").decode()
