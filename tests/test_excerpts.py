"""A table of references is archived as excerpts: what the references say, and no more."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive.scan import scan
from tests.command import ROOT, run
from tests.making import make_document

pytest.importorskip("pyarrow")

from embedarchive.excerpts import excerpt_of, is_table
from embedarchive.table import rows_of

CASES = [
    json.loads(line)
    for path in sorted((ROOT / "tests" / "cases" / "forms").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(CASES).map(lambda case: case["content"]), min_size=1, max_size=3),
    st.sampled_from(["text/plain", "text/markdown", "text/html"]),
)
def test_an_excerpt_holds_what_the_references_say(contents: list[str], media_type: str) -> None:
    article = make_document("\n\n".join(contents), media_type)
    found = scan(article)
    if not found:
        return
    document, references = excerpt_of(rows_of(article, found))
    assert document.uri == article.uri
    assert len(document.text) <= sum(len(one.raw) + 2 for one in found)
    for one, was in zip(references, found, strict=True):
        assert document.text[one.start : one.end] == one.raw == was.raw
        assert (one.claim.text, one.target, one.form) == (was.claim.text, was.target, was.form)
        assert f"place:{was.start}-{was.end}" in one.claim.flags
        span, before = one.claim.text_span, was.claim.text_span
        if span is not None:
            assert before is not None
            assert document.text[slice(*span)] == article.text[slice(*before)]
        for part, earlier in zip(one.parts, was.parts, strict=True):
            assert document.text[slice(*part)] == article.text[slice(*earlier)]


def _posts(db: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(db) as database:
        found = database.execute(
            "SELECT network, handle, date, post_id, form, text FROM document_references"
            " WHERE is_live ORDER BY version, span_start"
        ).fetchall()
    database.close()
    return found


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "references.parquet"
    assert run("scan", "examples", "--to-parquet", path).returncode == 0
    return path


def test_the_archive_knows_the_same_posts(table: Path, tmp_path: Path) -> None:
    assert is_table(table)
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    articles = run("archive", one, "examples", "--offline")
    excerpts = run("archive", two, table, "--offline")
    assert excerpts.returncode == 0, excerpts.stderr
    assert excerpts.stderr == articles.stderr  # three articles, nine references, one identified
    assert _posts(two) == _posts(one)
    assert two.stat().st_size <= one.stat().st_size
    again = run("archive", two, table, "--offline")
    assert "3 unchanged" in again.stderr
    assert run("render", two, "-o", tmp_path / "site").returncode == 0
    shown = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "harbour" in shown
    assert run("check", two).returncode == 0


def test_an_article_is_more_than_its_excerpt(table: Path, tmp_path: Path) -> None:
    db = tmp_path / "posts.db"
    run("archive", db, "examples", "--offline")
    before = _posts(db)
    result = run("archive", db, table, "--offline")
    assert "3 unchanged" in result.stderr
    assert _posts(db) == before
    other = tmp_path / "other.db"
    run("archive", other, table, "--offline")
    run("archive", other, "examples", "--offline")
    assert sorted(map(repr, _posts(other))) == sorted(map(repr, before))


def test_a_damaged_table_is_named(table: Path, tmp_path: Path) -> None:
    content = bytearray(table.read_bytes())
    content[4:200] = b"\xff" * 196
    table.write_bytes(content)
    result = run("archive", tmp_path / "posts.db", table, "--offline")
    assert result.returncode == 3
    assert f"{table}: cannot be read" in result.stderr


def test_other_parquet_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    assert not is_table(path)
    assert not is_table(tmp_path / "none.parquet")
