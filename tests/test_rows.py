"""Rows on stdout: for people, for machines, and never as commands to a terminal."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.cli._options import Format
from embedarchive.cli._rows import as_json, show_rows

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE = "\x1b[2J\x9b31m\u202eevil\x07 [red]x[/b] :smile: \ud800"


def shown(capsys: pytest.CaptureFixture[str], form: Format, *rows: dict[str, object]) -> str:
    show_rows(rows, form, columns=("key", "text"))
    return capsys.readouterr().out


@pytest.mark.parametrize("form", Format)
def test_no_form_sends_commands_to_a_terminal(
    capsys: pytest.CaptureFixture[str], form: Format
) -> None:
    out = shown(capsys, form, {"key": HOSTILE, "text": HOSTILE})
    assert "[red]" in out  # shown as it is, not obeyed
    assert "\ud800" not in out
    if form not in (Format.CSV, Format.TSV):  # those are data for programs, byte for byte
        assert not UNSAFE.search(out)


@given(st.text(st.characters(exclude_categories=())))
def test_json_is_one_safe_line_and_means_the_same(text: str) -> None:
    line = as_json({"text": text})
    assert not UNSAFE.search(line)
    assert "\n" not in line
    assert json.loads(line) == json.loads(json.dumps({"text": text}))


def test_json_is_an_array_and_nl_is_lines(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, object]] = [{"key": 1}, {"key": 2}]
    assert json.loads(shown(capsys, Format.JSON, *rows)) == rows
    assert [json.loads(x) for x in shown(capsys, Format.NL, *rows).splitlines()] == rows
    assert json.loads(shown(capsys, Format.JSON)) == []


def test_csv_cells_are_no_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, Format.CSV, {"key": -5, "text": "=HYPERLINK(1)"}, {"text": "@a"})
    assert list(csv.reader(io.StringIO(out))) == [
        ["key", "text"],
        ["-5", "'=HYPERLINK(1)"],
        ["", "'@a"],
    ]
    show_rows([{"text": "=1"}], Format.CSV, columns=("text",), headers=False, raw_csv=True)
    assert capsys.readouterr().out == "=1\n"


def test_a_table_aligns_wide_characters(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(
        [{"key": "日本", "n": 1}, {"key": "abcd", "n": 2}], Format.TABLE, columns=("key", "n")
    )
    assert capsys.readouterr().out.splitlines() == ["key   n", "日本  1", "abcd  2"]
