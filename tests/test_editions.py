"""The mended articles through the real command line, there and back."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import pytest

from embedarchive.render.editions import edition_name
from tests.command import run

ID = "1657692617044922369"
EMBED = (
    '<blockquote class="twitter-tweet"><p>Tide is in.</p>&mdash; Ada (@ada_quill) '
    f'<a href="https://twitter.com/ada_quill/status/{ID}">May 14, 2023</a></blockquote>'
    '\n<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'
)
PAGES = {
    "plain.html": f"<p>One</p>\n{EMBED}\n<p>Two & <b>on</b>".encode(),
    "crlf.html": f"<p>One</p>\r\n{EMBED}\r\n<p>Zwei ä".encode(),
    "latin.html": f"<meta charset=iso-8859-1><p>caf\xe9 {EMBED} \xe9".encode("latin-1"),
    "wide.html": codecs.BOM_UTF16_LE + f"<p>火 {EMBED} 曜".encode("utf-16-le"),
    "mark.html": codecs.BOM_UTF8 + f"{EMBED}é".encode(),
    "japanese.html": f"<meta charset=shift_jis>火曜 {EMBED} 表".encode("cp932"),
    "broken.html": f"<p>a\xff {EMBED} \xfe".encode("latin-1"),
    "none.html": b"<p>No post in here \xe2\x82\xac",
    "empty.html": b"",
}
TEXTS = {
    "note.md": f"# Note\n\n> Tide is in.\n> \u2014 Ada (@ada_quill) May 14, 2023\n\nhttps://x.com/a/status/{ID}\n",
    "story.txt": "Tide\r\n\r\nTide is in.\r\n\u2014 Ada (@ada_quill) May 14, 2023\r\n\r\nEnd.",
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editions") / "articles"
    folder.mkdir()
    for name, content in PAGES.items():
        (folder / name).write_bytes(content)
    for name, text in TEXTS.items():
        (folder / name).write_bytes(text.encode())
    done = run("archive", folder.parent / "posts.db", folder, "--offline")
    assert done.returncode == 0, done.stderr
    return folder.parent / "posts.db"


def originals() -> dict[str, bytes]:
    return {**PAGES, **{name: text.encode() for name, text in TEXTS.items()}}


def name_of(db: Path, name: str, suffix: str) -> str:
    return edition_name(str(db.parent / "articles" / name), suffix)


@pytest.mark.parametrize("edition", ["html-splice", "md"])
def test_every_byte_comes_back(db: Path, tmp_path: Path, edition: str) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    done = run("render", db, "-o", out, "--format", edition)
    assert done.returncode == 0, done.stderr
    written = sorted(path for path in out.iterdir() if path.is_file())
    done = run("restore", *written, "-o", back)
    assert done.returncode == 0, done.stderr
    kinds = {"html-splice": ("html",), "md": ("md", "txt")}[edition]
    suffix = kinds[0]
    expected = {
        name_of(db, name, suffix): content
        for name, content in originals().items()
        if name.endswith(kinds)
    }
    assert {path.name: path.read_bytes() for path in back.iterdir()} == expected
    changed = [path for path in written if path.read_bytes() != expected[path.name]]
    assert len(changed) == {"html-splice": 7, "md": 2}[edition]
    for path in changed:
        assert b"e\0m\0b\0e\0d\0a" in path.read_bytes() or b"embedarchive:" in path.read_bytes()
    again = run("render", db, "-o", out, "--format", edition)
    assert f" 0 files written, {len(written)} unchanged" in again.stderr


def test_rendering_what_was_rendered_changes_nothing(db: Path, tmp_path: Path) -> None:
    once, twice, other = tmp_path / "once", tmp_path / "twice", tmp_path / "other.db"
    run("render", db, "-o", once, "--format", "html-splice")
    pages = sorted(path for path in once.iterdir() if path.is_file())
    assert run("archive", other, once, "--offline").returncode == 0
    listed = run("list", other, "--csv", "--no-headers", "-c", "key").stdout.split()
    assert listed == [f"x-{ID}"]
    assert run("render", other, "-o", twice, "--format", "html-splice").returncode == 0
    for path in pages:
        again = twice / edition_name(str(path), "html")
        assert again.read_bytes() == path.read_bytes()


def test_one_file_goes_to_standard_output_or_back_in_place(db: Path, tmp_path: Path) -> None:
    run("render", db, "-o", tmp_path, "--format", "html-splice")
    path = tmp_path / name_of(db, "plain.html", "html")
    assert run("restore", path).stdout == PAGES["plain.html"].decode()
    assert b"embedarchive:begin" in path.read_bytes()
    assert run("restore", path, "--in-place").returncode == 0
    assert path.read_bytes() == PAGES["plain.html"]


def test_wrong_use(tmp_path: Path) -> None:
    assert run("restore", tmp_path / "a", tmp_path / "b").returncode == 2
    assert run("restore", tmp_path / "a", "--in-place", "-o", tmp_path).returncode == 2
    assert run("restore", tmp_path / "x/a", tmp_path / "y/a", "-o", tmp_path).returncode == 2
    done = run("restore", tmp_path / "absent")
    assert (done.returncode, "absent: No such file" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("https://gazette.example/2021/Fog%20Bell.html?x=1", r"fog-20bell-[0-9a-f]{8}\.html"),
        ("news/story.txt", r"story-[0-9a-f]{8}\.html"),
        ("corpus.jsonl#12", r"corpus-[0-9a-f]{8}\.html"),
        ("https://gazette.example/", r"gazette-[0-9a-f]{8}\.html"),
        ("../../..", r"article-[0-9a-f]{8}\.html"),
        ("火曜\ud800", r"article-[0-9a-f]{8}\.html"),
    ],
)
def test_names_are_readable_and_safe(uri: str, name: str) -> None:
    assert re.fullmatch(name, edition_name(uri, "html"))
    assert edition_name(uri, "html") != edition_name(uri + "#", "html")


@pytest.mark.parametrize("face", ["md", "wikitext", "text", "json", "bibtex"])
def test_show_in_every_format(db: Path, face: str) -> None:
    done = run("show", db, ID, f"x-{ID}", "--format", face)
    assert done.returncode == 0, done.stderr
    assert ID in done.stdout


def test_a_single_file_holds_everything(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "whole.html"
    done = run("render", db, "-o", out, "--single-file")
    assert done.returncode == 0, done.stderr
    html = out.read_text(encoding="utf-8")
    assert html.endswith("</html>\n")
    assert len(re.findall(r'<section class="whole" id="article-[0-9]+">', html)) == 11
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert list(tmp_path.iterdir()) == [out]
    done = run("render", db, "-o", tmp_path, "--single-file")
    assert (done.returncode, "cannot write" in done.stderr) == (2, True)
    assert run("render", db, "-o", out, "--single-file", "--format", "md").returncode == 2
