"""Paths, directories, URLs and standard input → Documents."""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from embedarchive.documents import expand, listed, read_all, read_documents, size_of
from embedarchive.errors import InputError, UsageError
from embedarchive.models import Reading, Response


class Page:
    """A Fetcher that answers everything alike."""

    def __init__(self, status: int, body: bytes, content_type: str) -> None:
        self.answer = (status, body, content_type)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> Response:
        status, body, content_type = self.answer
        return Response(
            url, status, {"content-type": content_type}, body, datetime(2024, 1, 1, tzinfo=UTC)
        )


def test_directories_give_their_readable_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "sub/c.md", "photo.jpg", ".hidden.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [str(Path(p).relative_to(tmp_path)) for p in expand([str(tmp_path)])]
    assert found == ["a.html", "b.txt", "sub/c.md"]


def test_what_is_no_directory_comes_through() -> None:
    sources = ["-", "https://news.example/a", "missing.txt"]
    assert list(expand(sources)) == sources


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.txt", "text/plain"),
        ("a.MD", "text/markdown"),
        ("a.htm", "text/html"),
        ("a.unknown", "text/plain"),
    ],
)
def test_the_suffix_tells_the_kind(tmp_path: Path, name: str, media_type: str) -> None:
    path = tmp_path / name
    path.write_bytes("Größe\r\n".encode())
    (document,) = read_documents(str(path))
    assert (document.media_type, document.text) == (media_type, "Größe\r\n")
    assert document.digest.startswith("sha256:")


def test_a_page_without_a_suffix_is_known_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "saved"
    path.write_text("\n  <!DOCTYPE html><p>hello")
    (document,) = read_documents(str(path))
    assert document.media_type == "text/html"


def test_standard_input() -> None:
    (document,) = read_documents("-", stdin=io.BytesIO(b"<html><p>hello"))
    assert (document.uri, document.media_type) == ("-", "text/html")


@pytest.mark.parametrize("name", ["missing.txt", "a\0b.txt", "no/such/folder/x.html"])
def test_what_cannot_be_read_is_one_clear_line(name: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_documents(name))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_url_is_read_by_its_content_type() -> None:
    page = Page(200, "Größe".encode("cp1252"), "text/markdown; charset=ISO-8859-1")
    (document,) = read_documents("https://news.example/a", fetch=page)
    assert (document.text, document.media_type) == ("Größe", "text/markdown")


def test_a_url_that_answers_otherwise_is_an_input_error() -> None:
    with pytest.raises(InputError, match="HTTP 404"):
        list(read_documents("https://news.example/a", fetch=Page(404, b"", "text/html")))
    with pytest.raises(InputError, match="offline"):
        list(read_documents("https://news.example/a"))


def test_a_tree_gives_what_can_be_read_packed_or_not(tmp_path: Path) -> None:
    names = ("a.jsonl", "b.csv.gz", "c.xml", "d.db", "e.tsv.zst", "f.json", "g.gz", "h.TXT.BZ2")
    for name in names:
        (tmp_path / name).write_text("x")
    found = [Path(p).name for p in expand([str(tmp_path)])]
    assert found == ["a.jsonl", "b.csv.gz", "c.xml", "e.tsv.zst", "h.TXT.BZ2"]
    asked = [Path(p).name for p in expand([str(tmp_path)], Reading(sql="SELECT 1"))]
    assert asked == ["a.jsonl", "b.csv.gz", "c.xml", "d.db", "e.tsv.zst", "h.TXT.BZ2"]


@pytest.mark.parametrize(
    ("content", "media_type", "keys"),
    [
        (b'{"text": "a"}\n{"text": "b"}\n', "text/plain", ["1", "2"]),
        (
            b"<rss><channel><item><description>a</description></item></channel></rss>",
            "text/plain",
            ["1"],
        ),
        (b'<?xml version="1.0"?><nitf><body>a</body></nitf>', "text/html", [""]),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html>\n<html><p>a</p></html>', "text/html", [""]),
        (b'{"text": "a"}', "text/plain", [""]),
        (b'{"text": "a"}\n', "text/plain", [""]),
        (b"", "text/plain", [""]),
    ],
)
def test_the_beginning_tells_what_a_pipe_holds(
    content: bytes, media_type: str, keys: list[str]
) -> None:
    for packed in (content, gzip.compress(content)):
        documents = list(read_documents("-", stdin=io.BytesIO(packed)))
        assert {document.media_type for document in documents} == {media_type}
        assert [document.uri.removeprefix("-").removeprefix("#") for document in documents] == keys


def test_the_format_can_be_said() -> None:
    content = b'{"text": "a"}\n'
    (document,) = read_documents("-", Reading(format="jsonl"), stdin=io.BytesIO(content))
    assert (document.uri, document.text) == ("-#1", "a")
    with pytest.raises(UsageError, match=r"--format: json is none of .*jsonl"):
        list(read_documents("-", Reading(format="json"), stdin=io.BytesIO(content)))


def test_what_has_to_be_a_file_on_disk_may_come_through_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript("CREATE TABLE t (id, text); INSERT INTO t VALUES (5, 'a');")
    for content in (path.read_bytes(), gzip.compress(path.read_bytes())):
        reading = Reading(sql="SELECT * FROM t")
        (document,) = read_documents("-", reading, stdin=io.BytesIO(content))
        assert (document.uri, document.text) == ("-#5", "a")


def test_a_list_names_sources() -> None:
    lines = [b"a.txt\n", b"\n", b"# no\r\n", b"  \n", b"b c.html\r\n", b"https://news.example/1"]
    assert list(listed(lines)) == ["a.txt", "b c.html", "https://news.example/1"]


def test_the_size_is_known_where_all_is_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("12345")
    (tmp_path / "b.jpg").write_text("123")
    assert size_of([str(tmp_path), str(tmp_path / "b.jpg"), "missing"]) == 8
    assert size_of([str(tmp_path), "-"]) is None
    assert size_of(["https://news.example/1"]) is None
    assert size_of([]) is None


def test_all_are_read_and_what_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\nno\n{"text": "c"}\n')
    (tmp_path / "b.txt").write_text("b")
    told: list[str] = []
    read: list[int] = []
    reading = Reading(on_bad=lambda error: told.append(str(error)), on_bytes=read.append)
    sources = [str(tmp_path / "missing"), str(tmp_path), "https://news.example/1"]
    assert [document.text for document in read_all(sources, reading)] == ["a", "c", "b"]
    assert [line.rpartition("/")[2].partition(":")[0] for line in told] == [
        "missing",
        "a.jsonl",
        "1",
    ]
    assert sum(read) == size_of([str(tmp_path)])


def test_a_feed_at_a_url_is_a_feed() -> None:
    page = Page(200, b"<feed><entry><id>urn:1</id><content>a</content></entry></feed>", "text/xml")
    (document,) = read_documents("https://news.example/feed", fetch=page)
    assert (document.uri, document.text) == ("https://news.example/feed#urn:1", "a")


@pytest.mark.parametrize(
    ("module", "name", "content", "says"),
    [
        ("pyarrow.parquet", "a.parquet", b"PAR1", r"Parquet needs: .*'embedarchive\[corpora\]'"),
        ("fastwarc.warc", "a.warc", b"WARC/1.0\r\n", r"WARC needs: .*'embedarchive\[corpora\]'"),
        ("backports", "a.txt.zst", b"\x28\xb5\x2f\xfd", r"Zstandard needs .*'embedarchive\[zst\]'"),
    ],
)
def test_a_missing_extra_is_named_and_the_other_files_are_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    name: str,
    content: bytes,
    says: str,
) -> None:
    if module == "backports" and sys.version_info >= (3, 14):
        pytest.skip("this Python has Zstandard itself")
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(content)
    (tmp_path / "b.txt").write_text("Read.")
    bad: list[Exception] = []
    (document,) = read_all([str(tmp_path)], Reading(on_bad=bad.append))
    (error,) = bad
    assert document.text == "Read."
    assert isinstance(error, InputError)
    assert error.exit_code == 3
    assert re.fullmatch(rf"{re.escape(str(tmp_path / name))}: {says}", str(error))
