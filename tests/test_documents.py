"""Paths, directories, URLs and standard input → Documents."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from embedarchive.documents import expand, read_documents
from embedarchive.errors import InputError
from embedarchive.models import Response


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
