"""Each statement fails in turn: the archive stays whole, and a second try comes to the same end."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from embedarchive.errors import DiskFull
from embedarchive.models import Level, Media, Resolution
from embedarchive.store import Archive

from ..making import make_document
from ..making_records import START, make_capture, make_embed, make_media, make_refused
from .making import OTHER_POST, POST, TEXT, matched, refused, stub

OLD, NEW = make_document(TEXT), make_document("Updated.\n" + TEXT)
EMBED = make_embed(POST, codes=("QwErTy1234",), media=(Media("photo", "u", alt="Rain"),))


def first_scan(archive: Archive) -> None:
    archive.add_document(OLD, [stub(OLD, post_id=POST.post_id), stub(OLD, "Sun at last.")], "1")


def another_scan(archive: Archive) -> None:
    archive.add_document(OLD, [stub(OLD, "Sun at last.", codes=("QwErTy1234",))], "2")


def new_version(archive: Archive) -> None:
    archive.add_document(NEW, [stub(NEW, "Sun at last.", codes=("QwErTy1234",))], "2")


def resolutions(archive: Archive) -> None:
    article = archive.article(OLD.uri)
    assert article is not None
    for found in article.references:
        archive.add_resolution(found.id, refused(OTHER_POST))
        archive.add_resolution(found.id, matched())
        archive.add_resolution(found.id, Resolution("capture", Level.VERIFIED, POST))


def captures(archive: Archive) -> None:
    if archive.memento(POST) is None:
        archive.add_capture(make_capture(POST, EMBED))
    if not archive.timemap(OTHER_POST):
        archive.add_capture(make_capture(OTHER_POST))
    archive.add_refused([make_refused(POST), make_refused(OTHER_POST, answered=POST.post_id)])
    archive.add_media(POST, make_media())


def takedown(archive: Archive) -> None:
    archive.forget(POST)


STEPS = (first_scan, another_scan, resolutions, new_version, captures, takedown)


def fixed() -> datetime:
    return START


class Faults:
    """Lets so many statements pass, then fails one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: int | None = None
        for name in ("_write", "_write_many", "_rows"):
            monkeypatch.setattr(Archive, name, self.failing(getattr(Archive, name)))

    def failing(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(archive: Archive, sql: str, *parameters: Any) -> Any:
            if self.left is not None:
                self.left -= 1
                if self.left < 0:
                    self.left = None
                    raise DiskFull("no room left")
            return method(archive, sql, *parameters)

        return call


def contents(path: Path) -> list[str]:
    """Every row, but for ids and times, which tell how often it was tried."""
    with closing(sqlite3.connect(path)) as conn:
        return sorted(
            f"{table}: {row}"
            for table, query in {
                "versions": "SELECT digest, scanner_version FROM document_versions",
                "references": "SELECT text, details, is_live, post IS NULL"
                " FROM document_references",
                "resolutions": "SELECT rule, level, refused, evidence FROM resolutions",
                "captures": "SELECT backend, outcome, payload FROM captures",
                "refused": "SELECT backend, reason, payload FROM refused_answers",
                "payloads": "SELECT digest, size, body FROM payloads",
                "embeds": "SELECT text FROM embeds",
                "codes": "SELECT code, post_id FROM codes",
                "media": "SELECT sha256, content FROM media",
                "found": "SELECT text, author FROM references_fts",
            }.items()
            for row in conn.execute(query)
        )


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[step.__name__ for step in STEPS])
def test_every_statement_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    faults = Faults(monkeypatch)
    unfailed = tmp_path / "unfailed.db"
    with Archive.open(unfailed, clock=fixed) as archive:
        for step in STEPS[: number + 1]:
            step(archive)
    expected = contents(unfailed)
    for failing in itertools.count():
        path = tmp_path / f"{failing}.db"
        with Archive.open(path, clock=fixed) as archive:
            for step in STEPS[:number]:
                step(archive)
            before = contents(path)
            faults.left = failing
            try:
                STEPS[number](archive)
            except DiskFull:
                assert list(archive.verify()) == []
                if number not in _STEPS_OF_SEVERAL:
                    assert contents(path) in (before, expected)
                STEPS[number](archive)
            else:
                break
            assert list(archive.verify()) == []
        assert contents(path) == expected
    assert failing > 5


_STEPS_OF_SEVERAL = {STEPS.index(resolutions), STEPS.index(captures)}
"""Each part of them is whole by itself."""
