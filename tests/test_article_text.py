"""The main text of a page: another text with spans of its own, and nothing told twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from embedarchive.article_text import article_text
from embedarchive.errors import InputError
from embedarchive.finding import find
from embedarchive.models import Origin, Reading
from tests.command import run
from tests.making import make_document

pytest.importorskip("trafilatura")

PROSE = "<p>The harbour was full by noon, and the school band had played the march four times.</p>"
EMBED = (
    '<blockquote class="twitter-tweet"><p>The lens is on the barge. Come and see it lifted.</p>'
    "&mdash; Port of Sandholm (@SandholmPort) "
    '<a href="https://twitter.com/SandholmPort/status/1657771234567890123">May 14, 2023</a>'
    "</blockquote>"
)
PAGE = (
    f"<html><body><nav>Home</nav><article><h1>Lens</h1>{PROSE * 4}{EMBED}{PROSE * 4}</article>"
    "</body></html>"
)
MAIN = Reading(article_text=True)


def test_the_main_text_is_a_document_of_its_own() -> None:
    page = make_document(PAGE, "text/html", "page.html")
    main = article_text(page)
    assert main is not None
    assert (main.uri, main.media_type) == ("page.html#article-text", "text/plain")
    assert main.text.startswith("Lens\nThe harbour was full by noon")
    assert "Home" not in main.text
    assert main.content.decode(main.encoding) == main.text
    assert main.origin == Origin("page.html")


def test_a_post_in_both_is_told_once_where_it_stands_in_the_page() -> None:
    page = make_document(PAGE, "text/html", "page.html")
    (whole, references), (main, others) = find(page, MAIN)
    assert whole is page
    assert [reference.form for reference in references] == ["blockquote"]
    assert references[0].raw == page.text[references[0].start : references[0].end]
    assert "@SandholmPort" in main.text  # it is in there, and still told only once
    assert others == []


@pytest.mark.parametrize(
    ("content", "media_type"),
    [("just words", "text/plain"), ("<p></p>", "text/html"), ("", "text/html")],
)
def test_without_a_main_text_there_is_only_the_document(content: str, media_type: str) -> None:
    document = make_document(content, media_type)
    assert [found for found, _ in find(document, MAIN)] == [document]


def test_it_is_only_extracted_where_that_is_asked_for() -> None:
    page = make_document(PAGE, "text/html")
    assert len(list(find(page, Reading()))) == 1


@pytest.mark.parametrize(
    "content",
    ["<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>", "<p>x</p>" * 600_000],
    ids=["attributes", "size"],
)
def test_a_page_that_would_take_minutes_is_told_and_still_scanned(content: str) -> None:
    told: list[str] = []
    reading = Reading(article_text=True, on_bad=lambda error: told.append(str(error)))
    page = make_document(content, "text/html", "page.html")
    assert [found for found, _ in find(page, reading)] == [page]
    assert len(told) == 1
    assert told[0].startswith("page.html: ")
    with pytest.raises(InputError):
        article_text(page)


def test_both_commands_take_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    rows = json.loads(run("scan", page, "--article-text").stdout)
    assert [row["post_id"] for row in rows] == ["1657771234567890123"]
    done = run("archive", tmp_path / "posts.db", page, "--article-text", "--offline")
    assert (done.returncode, done.stderr) == (
        0,
        "1 article (0 unchanged), 1 reference found\n",
    )
