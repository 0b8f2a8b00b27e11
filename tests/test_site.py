from __future__ import annotations

import errno
import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from embedarchive.errors import DiskFull, UsageError
from embedarchive.models import Level
from embedarchive.render import SiteReport, lists, render_site, site, words
from embedarchive.render.folder import article_name, author_name, page_name
from embedarchive.render.html import asset, source_hash
from embedarchive.render.manifest import NAME as MANIFEST
from embedarchive.render.manifest import inputs_of_post
from embedarchive.render.rows import Row, read_row, written_row
from embedarchive.tokenizer import START, attributes, tokenize

from .making_embeds import (
    MemoryArchive,
    features,
    make_article_record,
    make_embed,
    make_record,
    refer,
)
from .test_card import hostile_records

RAW = "A quiet day at the harbour.\n— Ada Quill (@ada_quill) June 13, 2021"


def make_archive() -> MemoryArchive:
    """Every feature, and an article of each format."""
    made, archive = features()
    archive.records = [
        replace(record, key=f"claim-{number}") for number, record in enumerate(made.values(), 1)
    ]
    keyed = dict(zip(made, archive.records, strict=True))
    archive.documents.append(make_article_record("Where all the others stood"))
    text = f"The bell\n\n{RAW}\n\nEnd."
    page = f"<title>Bell</title><p>Before<blockquote>{RAW}</blockquote><img src=//x/y.png alt=Fog>"
    for number, (content, kind, uri) in enumerate(
        [
            (text, "text/plain", "a/bell.txt"),
            (page, "text/html", "https://gazette.example/bell"),
            (f"# Bell\n\n> {RAW}\n", "text/markdown", "bell.md"),
        ]
    ):
        record = keyed[("stub", "four_photos", "quote")[number]]
        reference = refer(content, RAW, record, number=number + 1)
        archive.documents.append(
            make_article_record(content, (reference,), media_type=kind, uri=uri)
        )
    return archive


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteReport]:
    out = tmp_path_factory.mktemp("site") / "out"
    return out, render_site(make_archive(), out)


def test_report(whole: tuple[Path, SiteReport]) -> None:
    out, report = whole
    archive = make_archive()
    assert report.articles == 4
    assert report.posts == len(archive.records)
    assert report.media == len(archive.contents)
    assert report.written == len(files(out))
    assert (report.unchanged, report.removed) == (0, 0)


def test_each_page_asks_for_nothing_but_files_of_the_folder(whole: tuple[Path, SiteReport]) -> None:
    out, _ = whole
    pages = [path for path in out.rglob("*.html")]
    assert len(pages) > 50
    no_icon = '<link rel="icon" href="data:,">'
    for path in pages:
        html = path.read_text(encoding="utf-8").replace(no_icon, "", 1)
        for token in tokenize(html):
            if token.kind != START:
                continue
            if token.name == "script" and path.name != "search.html":
                (kind,) = attributes(html, token)
                assert kind[:2] == ("type", "application/ld+json")
            assert token.name not in ("iframe", "object", "embed", "link", "base")
            for name, value, _start, _end in attributes(html, token):
                assert not name.startswith("on")
                assert name not in ("style", "srcset", "background", "action", "data")
                if name in ("src", "poster"):
                    assert (path.parent / value).is_file(), value
                if name == "href" and not value.startswith("https://"):
                    target, _anchor = urldefrag(value)
                    assert (path.parent / target).is_file(), value


def test_each_page_says_its_policy_first(whole: tuple[Path, SiteReport]) -> None:
    out, _ = whole
    for path in out.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        if path.name == "search.html":
            allowed = f"script-src &#39;{source_hash(asset('search.js'))}&#39;; "
            assert html.count(allowed) == 1
            html = html.replace(allowed, "")
        assert re.search(
            r"<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
            r"content=\"default-src &#39;none&#39;; img-src &#39;self&#39; data:; "
            r"media-src &#39;self&#39; data:; style-src &#39;sha256-[A-Za-z0-9+/=]{44}&#39;; "
            r"base-uri &#39;none&#39;; form-action &#39;none&#39;\">",
            html,
        ), path


def test_names_are_safe_everywhere(whole: tuple[Path, SiteReport]) -> None:
    for name in files(whole[0]):
        assert re.fullmatch(r"(?:[a-z]+/)?[a-z0-9_-]{1,80}\.(?:html|png|mp4)", name)


@pytest.mark.parametrize(
    "key", ["../x", "a/b", "con.txt", "", "X-1", "x" * 90, "a\x00b", "\ud800", ".", "-x", "x\n"]
)
def test_a_key_that_is_no_name_becomes_a_digest(key: str) -> None:
    assert re.fullmatch(r"post-[0-9a-f]{32}\.html", page_name(key))
    assert re.fullmatch(r"[0-9a-f]{16}\.html", article_name(key))


def test_the_second_time_nothing_is_written(tmp_path: Path) -> None:
    archive = make_archive()
    first = render_site(archive, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    second = render_site(archive, tmp_path)
    assert (second.written, second.unchanged) == (0, first.written)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_the_same_bytes_whatever_the_machine(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.test_site import make_archive\n"
        "from embedarchive.render import render_single, render_site\n"
        "out = Path(sys.argv[1])\n"
        "render_site(make_archive(), out)\nrender_single(make_archive(), out / 'single.html')"
    )
    machines = [("0", "UTC", "C"), ("7", "Asia/Tokyo", "C.UTF-8")]
    for seed, zone, language in machines:
        subprocess.run(
            [sys.executable, "-c", code, tmp_path / seed],
            env={
                **os.environ,
                **{"PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language},
            },
            cwd=Path(__file__).parents[1],
            check=True,
        )
    made = [files(tmp_path / seed) for seed, _, _ in machines]
    assert len(made[0]) > 70
    assert made[0] == made[1]
    assert (tmp_path / "0" / MANIFEST).read_bytes() == (tmp_path / "7" / MANIFEST).read_bytes()


def test_a_row_is_read_as_it_was_written() -> None:
    day = words.day(date(2021, 6, 13))
    row = Row("x-1", "p.html", "Ada", None, day, "…", Level.CLAIMED, "Claimed", None, is_gone=True)
    assert read_row(written_row(row)) == row
    assert read_row(written_row(row._replace(date=None))) == row._replace(date=None)


@pytest.mark.parametrize(
    "change", [("date", [1, 2]), ("date", "2021"), ("level", "sure"), ("name", []), ("date", 5)]
)
def test_a_row_of_another_making_is_none(change: tuple[str, object]) -> None:
    row = Row("x-1", "p.html", "Ada", None, None, "", Level.CLAIMED, "Claimed", None)
    assert read_row(json.dumps(row._replace(**dict([change])))) is None
    assert read_row("") is read_row("5") is read_row("[1]") is read_row(None) is None


def test_a_post_taken_down_leaves_the_site(tmp_path: Path) -> None:
    archive = make_archive()
    render_site(archive, tmp_path)
    (tmp_path / "posts/notes.html").write_text("of somebody else")
    (tmp_path / "media/cat.png").write_text("of somebody else")
    before = files(tmp_path)
    archive.records = archive.records[:3]
    archive.documents = []
    report = render_site(archive, tmp_path)
    after = files(tmp_path)
    assert report.removed == len(before) - len(after)
    assert {name for name in after if name.startswith("posts/")} == {
        *("posts/claim-1.html", "posts/claim-2.html", "posts/claim-3.html", "posts/notes.html")
    }
    assert after["media/cat.png"] == b"of somebody else"
    assert not any(name.startswith("articles/") for name in after)


def test_media_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    archive = make_archive()
    render_site(archive, tmp_path)
    whole = files(tmp_path)
    victim = next((tmp_path / "media").iterdir())
    victim.write_bytes(b"cut")
    assert render_site(archive, tmp_path).written == 1
    assert files(tmp_path) == whole


@pytest.mark.parametrize("folder", ["posts", "media", "articles"])
def test_a_linked_folder_is_refused(tmp_path: Path, folder: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / folder).symlink_to(elsewhere)
    with pytest.raises(UsageError, match="symbolic link"):
        render_site(make_archive(), out)
    assert not any(elsewhere.iterdir())


def test_a_linked_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("untouched")
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").symlink_to(secret)
    render_site(make_archive(), out)
    assert secret.read_text() == "untouched"
    assert not (out / "index.html").is_symlink()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match=r"cannot write .*: it is a file, .* --single-file"):
        render_site(make_archive(), tmp_path / "out")


def test_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DiskFull, match="no room"):
        render_site(make_archive(), tmp_path)
    assert not files(tmp_path)


def test_pages_can_be_read_by_a_server(whole: tuple[Path, SiteReport]) -> None:
    mode = stat.S_IMODE((whole[0] / "index.html").stat().st_mode)
    assert mode == 0o644


def test_long_lists_take_several_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PER_PAGE", 4)
    archive = MemoryArchive()
    archive.records = [replace(make_record(make_embed()), key=f"x-{n}") for n in range(9)]
    render_site(archive, tmp_path)
    names = sorted(path.name for path in tmp_path.glob("by-date*"))
    assert names == ["by-date-2.html", "by-date-3.html", "by-date.html"]
    listed = "".join((tmp_path / name).read_text(encoding="utf-8") for name in names)
    assert sorted(re.findall(r'href="posts/(x-\d)\.html"', listed)) == [f"x-{n}" for n in range(9)]
    assert 'href="by-date-2.html"' in (tmp_path / "by-date.html").read_text(encoding="utf-8")


def test_progress_is_told_each_page(tmp_path: Path) -> None:
    archive = make_archive()
    told: list[str] = []
    render_site(archive, tmp_path, progress=told.append)
    assert len(told) == len(archive.records) + len(archive.documents)


def test_an_empty_archive_has_a_front_page(tmp_path: Path) -> None:
    render_site(MemoryArchive(), tmp_path)
    names = ["by-author", "by-date", "by-state", "disputed", "gone", "index", "search"]
    assert sorted(files(tmp_path)) == [f"{name}.html" for name in names]


# --- what was made before ------------------------------------------------------------------------


def test_what_did_not_change_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive()
    render_site(archive, tmp_path)
    before = files(tmp_path)

    def fail(*_args: object, **_values: object) -> str:
        raise AssertionError("made again")

    for module in (site, lists):
        monkeypatch.setattr(module, "render_page", fail)
    monkeypatch.setattr(lists, "render_scripted_page", fail)
    assert render_site(archive, tmp_path).written == 0
    assert files(tmp_path) == before


def test_what_changed_is_made_again(tmp_path: Path) -> None:
    archive = make_archive()
    render_site(archive, tmp_path)
    changed = archive.documents[1].references[0].post_key
    number = next(n for n, record in enumerate(archive.records) if record.key == changed)
    archive.records[number] = replace(archive.records[number], level=Level.DISPUTED)
    report = render_site(archive, tmp_path)
    assert report.written >= 4
    fresh = tmp_path / "fresh"
    render_site(archive, fresh)
    after = {name: text for name, text in files(tmp_path).items() if not name.startswith("fresh/")}
    assert after == files(fresh)


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'{"index.html": [1, 2, 3]}', b"\xff{"])
def test_a_manifest_that_does_not_read_costs_only_time(tmp_path: Path, damage: bytes) -> None:
    archive = make_archive()
    render_site(archive, tmp_path)
    manifest = (tmp_path / MANIFEST).read_bytes()
    before = files(tmp_path)
    (tmp_path / MANIFEST).write_bytes(damage)
    assert render_site(archive, tmp_path).written == 0
    assert files(tmp_path) == before
    assert (tmp_path / MANIFEST).read_bytes() == manifest


def test_a_page_that_somebody_changed_is_made_again(tmp_path: Path) -> None:
    archive = make_archive()
    render_site(archive, tmp_path)
    before = files(tmp_path)
    for name in ("index.html", next(iter(n for n in before if n.startswith("posts/")))):
        (tmp_path / name).write_bytes(before[name].replace(b"a", b"b"))
    (tmp_path / "by-date.html").unlink()
    assert render_site(archive, tmp_path).written == 3
    assert files(tmp_path) == before


def test_the_inputs_of_a_post_hold_what_repr_leaves_out() -> None:
    record = make_record()
    stored = record.references[0]
    other = replace(stored, reference=replace(stored.reference, raw="another"))
    assert repr(other) == repr(stored)
    assert inputs_of_post(record) != inputs_of_post(replace(record, references=(other,)))


# --- lists ---------------------------------------------------------------------------------------


def test_what_is_gone_and_what_is_disputed(whole: tuple[Path, SiteReport]) -> None:
    made, _ = features()
    keys = {name: f"claim-{number}" for number, name in enumerate(made, 1)}
    pages = files(whole[0])

    def listed(page: str) -> set[str]:
        return set(re.findall(r'href="posts/([^"]+)\.html"', pages[page].decode()))

    gone = listed("gone.html")
    assert {keys["gone"], keys["outcome_deleted"], keys["stub_gone"]} <= gone
    assert not gone & {keys["plain"], keys["outcome_restricted"], keys["stub"]}
    assert b"<h2>The post was deleted</h2>" in pages["gone.html"]
    assert keys["disputed"] in listed("disputed.html")
    assert keys["plain"] not in listed("disputed.html")


def test_each_author_has_a_page(whole: tuple[Path, SiteReport]) -> None:
    pages = files(whole[0])
    assert 'href="authors/x-ada_quill.html"' in pages["by-author.html"].decode()
    html = pages["authors/x-ada_quill.html"].decode()
    assert 'href="../posts/claim-1.html"' in html
    assert 'href="../authors/x-ada_quill.html"' in pages["posts/claim-1.html"].decode()


@pytest.mark.parametrize("handle", ["../x", "a/b", "", "\u00e4", "x" * 90, "con", "a.b@c.d"])
def test_a_handle_names_no_file_elsewhere(handle: str) -> None:
    assert re.fullmatch(r"[a-z0-9_-]{1,80}\.html", author_name("x", handle))
    assert author_name("x", handle.upper()) == author_name("x", handle)


def test_the_search_holds_every_post_and_ends_no_element(whole: tuple[Path, SiteReport]) -> None:
    archive = make_archive()
    archive.records += hostile_records("</script><script>alert(1)</script><!--")
    out = whole[0].parent / "hostile"
    render_site(archive, out)
    html = (out / "search.html").read_text(encoding="utf-8")
    index, code = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
    assert html.count("<script") == 2
    assert len(json.loads(index)) == len(archive.records)
    assert code == asset("search.js")


def test_the_index_of_the_search_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_SEARCHED", 5)
    render_site(make_archive(), tmp_path)
    html = (tmp_path / "search.html").read_text(encoding="utf-8")
    assert "The newest 5 of " in html
