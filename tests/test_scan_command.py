"""The flags of `scan`, on the articles that come with the package."""

from __future__ import annotations

import csv
import json

import pytest

from tests.command import ROOT, run

PLAIN = {"COLUMNS": "80", "TERM": "dumb"}


def test_explain_says_what_is_known_and_nothing_else() -> None:
    said = run("scan", "examples", "--explain", env=PLAIN).stdout
    assert (
        "\n  embed of x, read as shortcode\n  by @norringclocks, id 1796874362549178375\n" in said
    )
    assert "\n  by Mayor Tove Aas @tove_aas, on 2023-05-14\n  0." in said
    assert (
        "  The lens is on the barge. All 1,344 prisms of it. Come and see it lifted\n        at"
        in said
    )
    assert not [line for line in said.splitlines() if line != line.rstrip() or len(line) > 80]
    assert "None" not in said
    lost = run("scan", "-", "--explain", stdin=b"View image on Twitter\n", env=PLAIN)
    assert "  unresolved of x, read as lost_embed\n  which post is not said\n" in lost.stdout


def test_kind_and_confidence_leave_out() -> None:
    links = json.loads(run("scan", "examples", "--kind", "link").stdout)
    assert {row["kind"] for row in links} == {"link"}
    every = json.loads(run("scan", "examples").stdout)
    sure = json.loads(run("scan", "examples", "--min-confidence", "0.95").stdout)
    assert sure == [row for row in every if row["confidence"] >= 0.95]
    assert 0 < len(sure) < len(every)


@pytest.mark.parametrize(("flag", "delimiter"), [("--csv", ","), ("--tsv", "\t")])
def test_tables_for_machines_hold_the_same(flag: str, delimiter: str) -> None:
    rows = list(
        csv.DictReader(
            run("scan", "examples", flag).stdout.splitlines(keepends=True), delimiter=delimiter
        )
    )
    lines = [json.loads(line) for line in run("scan", "examples", "--nl").stdout.splitlines()]
    for row, line in zip(rows, lines, strict=True):
        assert row["start"] == str(line["start"])
        assert row["post_id"] == (line["post_id"] or "")
        assert json.loads(row["codes"]) == line["codes"]


def test_highlight_shows_the_whole_article() -> None:
    shown = run("scan", "examples/harbour.txt", "--highlight", env=PLAIN).stdout
    words = (ROOT / "examples" / "harbour.txt").read_text(encoding="utf-8").split()
    assert [word for word in words if word not in shown] == []
