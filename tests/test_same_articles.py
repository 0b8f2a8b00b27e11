"""The same articles through every reader: the texts as they were, the same references in them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedarchive.documents import read_documents
from embedarchive.models import Document, Reading
from embedarchive.scan import scan
from embedarchive.sifting import sifted
from tests.command import ROOT

SQL = Reading(sql="SELECT rowid AS id, text FROM articles ORDER BY rowid")


def as_jsonl(texts: Sequence[str], *, ascii_only: bool = False) -> bytes:
    lines = [json.dumps({"text": text}, ensure_ascii=ascii_only) for text in texts]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def as_escaped_jsonl(texts: Sequence[str]) -> bytes:
    """As PHP and Go write it: no slash, no angle bracket, no ampersand stands for itself."""
    escaped = {"/": r"\/", "<": r"\u003c", ">": r"\u003E", "&": r"\u0026"}
    content = as_jsonl(texts, ascii_only=True).decode()
    return "".join(escaped.get(character, character) for character in content).encode()


def as_csv(texts: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text"])
    writer.writerows(enumerate(texts))
    return out.getvalue().encode()


def as_rss(texts: Sequence[str]) -> bytes:
    items = (f"<item><description>{escape(text)}</description></item>" for text in texts)
    return f'<?xml version="1.0"?><rss><channel>{"".join(items)}</channel></rss>'.encode()


def as_wxr(texts: Sequence[str]) -> bytes:
    items = (
        f"<item><wp:post_id>{number}</wp:post_id><content:encoded><![CDATA["
        f"{text.replace(']]>', ']]]]><![CDATA[>')}]]></content:encoded></item>"
        for number, text in enumerate(texts, 1)
    )
    head = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def as_json_feed(texts: Sequence[str]) -> bytes:
    items = [{"id": str(number), "content_text": text} for number, text in enumerate(texts)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    return json.dumps(feed).encode()


WRITERS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "a.jsonl": as_jsonl,
    "b.jsonl": as_escaped_jsonl,
    "a.csv": as_csv,
    "a.rss": as_rss,
    "a.wxr": as_wxr,
    "feed.json": as_json_feed,
}


def read(path: Path, texts: Sequence[str], reading: Reading = SQL) -> list[Document]:
    """The texts, written as the path's name says, read again."""
    if path.suffix == ".db":
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE articles (text)")
            database.executemany("INSERT INTO articles VALUES (?)", [(text,) for text in texts])
            database.commit()
    else:
        path.write_bytes(WRITERS[path.name](texts))
    return list(read_documents(str(path), reading))


NAMES = [*WRITERS, "a.db"]

characters = st.characters(blacklist_categories=["Cs"])
# What XML does not have, and what its parsers make of line ends, is no business of ours.
xml_characters = st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="￾￿")


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_comes_back_as_it_was(name: str, data: st.DataObject, tmp_path: Path) -> None:
    is_xml = name in ("a.rss", "a.wxr")
    words = st.text(xml_characters if is_xml else characters, min_size=1).filter(str.strip)
    if is_xml:
        words = words.map(str.strip)  # blanks around the text of an element are layout
    texts = data.draw(st.lists(words, max_size=8))
    documents = read(tmp_path / name, texts)
    assert [document.text for document in documents] == texts
    assert [document.content.decode() for document in documents] == texts


def articles() -> list[str]:
    files = sorted((ROOT / "examples").rglob("*"))
    found = [
        path.read_text("utf-8").strip() for path in files if path.suffix in (".txt", ".html", ".md")
    ]
    assert len(found) >= 3
    return [*found, "An article in which there is nothing at all."]


def told(documents: Sequence[Document]) -> list[tuple[str | None, ...]]:
    return [
        (reference.form, reference.raw, reference.claim.post_id, reference.claim.text)
        for document in documents
        for reference in scan(document)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_references_are_found_whatever_the_articles_stand_in(
    name: str, tmp_path: Path
) -> None:
    texts = articles()
    documents = read(tmp_path / name, texts)
    assert [document.text for document in documents] == texts
    for document in documents:
        for reference in scan(document):
            assert document.text[reference.start : reference.end] == reference.raw
    plain = read(tmp_path / "a.jsonl", texts)
    if name not in ("a.wxr", "feed.json"):  # which say themselves whether it is HTML
        assert told(documents) == told(plain)
    assert told(documents)


@pytest.mark.parametrize("name", NAMES)
def test_the_sieve_loses_nothing_of_any_format(name: str, tmp_path: Path) -> None:
    texts = articles() + ["Nothing here either."] * 30
    every = read(tmp_path / name, texts)
    sieved = read(tmp_path / name, texts, sifted(SQL))
    assert told(sieved) == told(every)
    assert len(sieved) <= len(every)
