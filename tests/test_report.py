from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import astuple, replace
from datetime import date
from pathlib import Path

import pytest

from embedarchive.models import Claim, EditHistory, Kind, Level, Outcome, PostRecord, Resolution
from embedarchive.render.report import (
    OutletYear,
    Tally,
    by_outlet,
    by_year,
    outlet_of,
    tally_embeds,
    total,
)
from embedarchive.render.report_page import render_report
from embedarchive.tokenizer import START, attributes, tokenize

from .command import run
from .making_embeds import ASKED, make_capture, make_embed, make_record, make_reference
from .test_editions import db  # noqa: F401  # a fixture

EMBED = make_embed()
HELD = make_capture(EMBED)
GONE = make_capture(None, Outcome.DELETED, number=2)


def tally_of(record: PostRecord) -> Tally:
    (row,) = tally_embeds([record])
    return row.tally


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (make_record(EMBED), Tally(embeds=1, held=1)),
        (make_record(EMBED, visits=(HELD, GONE)), Tally(embeds=1, held=1, gone=1)),
        (
            make_record(EMBED, visits=(HELD, GONE, make_capture(EMBED, number=3))),
            Tally(embeds=1, held=1),
        ),
        (make_record(), Tally(embeds=1, at_risk=1)),
        (make_record(visits=(GONE,)), Tally(embeds=1, gone=1, lost=1)),
        (
            make_record(visits=(make_capture(None, Outcome.UNKNOWN),)),
            Tally(embeds=1, at_risk=1),
        ),
        (
            make_record(visits=(make_capture(None, Outcome.RESTRICTED),)),
            Tally(embeds=1, at_risk=1),
        ),
        (
            make_record(replace(EMBED, edits=EditHistory(("1", "2"), is_edited=True))),
            Tally(embeds=1, held=1, changed=1),
        ),
        (
            make_record(EMBED, visits=(HELD, make_capture(make_embed("Other."), number=2))),
            Tally(embeds=1, held=1, changed=1),
        ),
        (
            make_record(
                EMBED,
                visits=(HELD, make_capture(make_embed("Cut"), number=2, backend="oembed")),
            ),
            Tally(embeds=1, held=1),
        ),
        (make_record(EMBED, level=Level.DISPUTED), Tally(embeds=1, held=1, changed=1)),
        (make_record(forgotten_at=ASKED), Tally(embeds=1, forgotten=1)),
        (make_record(visits=(GONE,), forgotten_at=ASKED), Tally(embeds=1, forgotten=1)),
    ],
)
def test_what_an_embed_counts_as(record: PostRecord, expected: Tally) -> None:
    assert tally_of(record) == expected
    parts = (expected.safe, expected.saved, expected.at_risk, expected.lost, expected.forgotten)
    assert sum(parts) == 1


def test_each_place_counts_and_links_do_not() -> None:
    claim = Claim(date=date(2019, 2, 3))
    resolution = Resolution("claim", Level.CLAIMED, None)
    references = tuple(
        make_reference(claim, uri=uri, kind=kind, resolution=resolution)
        for uri, kind in [
            ("https://www.bell.example/a", Kind.EMBED),
            ("http://bell.example/b", Kind.UNRESOLVED),
            ("https://bell.example/c", Kind.LINK),
            ("news/x.txt", Kind.EMBED),
        ]
    )
    rows = tally_embeds([make_record(references=references), make_record(claim=Claim())])
    assert [(row.outlet, row.year, row.tally.embeds) for row in rows] == [
        (".", "", 1),
        ("bell.example", "2019", 2),
        ("news", "2019", 1),
    ]
    assert list(by_outlet(rows)) == ["bell.example", ".", "news"]
    assert list(by_year(rows)) == ["2019", ""]
    assert total(rows) == Tally(embeds=4, at_risk=4)


def test_the_year_is_that_of_the_post() -> None:
    assert [row.year for row in tally_embeds([make_record(EMBED)])] == ["2021"]
    unseen = make_record(claim=Claim(), target=EMBED.target)
    assert [row.year for row in tally_embeds([unseen])] == ["2021"]


@pytest.mark.parametrize(
    ("uri", "outlet"),
    [
        ("https://www.bell.example:8080/a/b?c", "bell.example"),
        ("HTTPS://Bell.Example", "bell.example"),
        ("corpus/2021/x.jsonl#12", "corpus/2021"),
        ("x.txt", "."),
        ("C:\\news\\x.txt", "C:/news"),
        ("https://[bad", "https:/"),
        ("https://user@www.bell.example?x", "bell.example"),
        ("-", "."),
    ],
)
def test_outlets(uri: str, outlet: str) -> None:
    assert outlet_of(uri) == outlet


# --- the page ------------------------------------------------------------------------------------

ROWS = [
    OutletYear(f"<outlet> {n}", str(2015 + n % 8), Tally(42 + n, 30, 12, 4, 2, 6 + n, 2))
    for n in range(40)
]


def test_the_page_shows_every_number_and_runs_nothing() -> None:
    html = render_report(ROWS, title="<db>").replace('<link rel="icon" href="data:,">', "", 1)
    tags = [token for token in tokenize(html) if token.kind == START]
    assert not {tag.name for tag in tags} & {"script", "img", "link", "iframe", "db", "outlet"}
    names = {name for tag in tags for name, *_ in attributes(html, tag)}
    assert not {"style", "href", "src"} & names
    assert "&lt;db&gt;" in html
    assert "15 others" in html
    sums = total(ROWS)
    for number in astuple(sums):
        assert f"<dd>{number:,}</dd>" in html
    for tally in by_year(ROWS).values():
        assert f"<td>{tally.embeds:,}</td>" in html


def test_bars_are_as_long_as_their_numbers_and_stay_inside() -> None:
    html = render_report(ROWS, title="x")
    for plot in re.findall(r"<svg class=\"plot\".*?</svg>", html, re.DOTALL):
        ends = [
            float(x) + float(width)
            for x, width in re.findall(
                r'<rect class="[a-z-]+" x="([^"]+)" [^>]*?width="([^"]+)"', plot
            )
        ]
        assert max(ends) <= 640 - 55
        assert plot.count("<title>") == len(ends)


def test_an_empty_report_has_a_page() -> None:
    assert "No article embeds a post." in render_report([], title="x")
    assert total([]) == Tally()


# --- the command ---------------------------------------------------------------------------------


def test_the_command(db: Path, tmp_path: Path) -> None:  # noqa: F811
    done = run("report", db, "--json")
    rows = json.loads(done.stdout)
    assert [row["outlet"] for row in rows] == [str(db.parent / "articles")]
    assert rows[0]["year"] == "2023"
    assert rows[0]["embeds"] == rows[0]["at_risk"] >= 8
    table = list(csv.DictReader(io.StringIO(run("report", db, "--csv").stdout)))
    assert {name: value for name, value in table[0].items() if name != "outlet"} == {
        name: str(value) for name, value in rows[0].items() if name != "outlet"
    }
    page = tmp_path / "report.html"
    done = run("report", db, "--html", page)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"{rows[0]['embeds']} embeds: 0 held" in done.stderr
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run("report", db, "--html", tmp_path / "none" / "x").returncode == 2
