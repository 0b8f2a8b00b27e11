"""Dates as the service, extractors and authors write them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.flattened.dates import (
    match_date,
    match_day_of_month,
    month_number,
    month_words,
    parse_date,
)

from .shared import shared

CASES = Path(__file__).parent / "cases" / "flattened"
LINES = (CASES / "dates.txt").read_text(encoding="utf-8").splitlines()
DATES = [line.split("\t") for line in LINES if line and not line.startswith("%")]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates_of_all_languages_and_shapes(text: str, expected: str) -> None:
    text = text.replace("⏎", "\n")
    assert parse_date(text) == (None if expected == "-" else date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("August 16, 2018I  mean,", "August 16, 2018"),
        ("June 5, 2024SpaceX is", "June 5, 2024"),
        ("May 6, 202414 people", "May 6, 2024"),
        ("24 марта 2019 г. Далее", "24 марта 2019 г."),
        ("2018年12月1日です", "2018年12月1日"),
        ("2014, 8月 2\nNext", "2014, 8月 2"),
        ("December 17,\n> 2023](https://x.com/a)", "December 17,\n> 2023"),
        ("18\\. Juni\n> 2018](u)", "18\\. Juni\n> 2018"),
    ],
)
def test_a_date_ends_where_it_ends(text: str, matched: str) -> None:
    found = match_date(text, 0)
    assert found is not None
    assert text[: found[1]] == matched


@pytest.mark.parametrize(
    ("text", "matched"),
    [("October 03, 19 and", "October 03, 19"), ("March 4", "March 4"), ("4 people", None)],
)
def test_day_without_year(text: str, matched: str | None) -> None:
    assert match_date(text, 0) is None
    end = match_day_of_month(text, 0)
    assert (None if end is None else text[:end]) == matched


def test_paragraphs_are_not_joined() -> None:
    assert match_date("October 3\n\n2019 was better", 0) is None


def test_month_words_are_folded() -> None:
    assert set(month_words().values()) == set(range(1, 13))
    assert all(month_number(word.upper()) for word in ("märz", "août", "kasım", "марта"))
    assert month_number("DÉCEMBRE") == 12
    assert month_number("aoÃ»t") == 8
    assert month_number("İyun") == 6


@given(st.dates(date(2006, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(month_words())))
def test_any_month_word_in_any_order(day: date, word: str) -> None:
    day = day.replace(month=month_words()[word], day=min(day.day, 28))
    for shape in ("{w} {d}, {y}", "{d}. {w} {y}", "{y}, {w} {d}", "{d:02} de {w} de {y}"):
        assert parse_date(shape.format(w=word, d=day.day, y=day.year)) == day


@given(st.text(max_size=60), st.integers(0, 60))
def test_any_text_is_safe(text: str, pos: int) -> None:
    found = match_date(text, min(pos, len(text)))
    if found is not None:
        assert min(pos, len(text)) < found[1] <= len(text)


def test_printed_dates_of_the_open_set() -> None:
    with shared("evalset/dev.jsonl").open(encoding="utf-8") as lines:
        tweets = [tweet for line in lines for tweet in json.loads(line)["tweets"]]
    wrong = {t["date_text"] for t in tweets if parse_date(t["date_text"]) != _iso(t["date"])}
    assert not wrong


def _iso(text: str) -> date:
    return date.fromisoformat(text)


@given(
    st.sampled_from(sorted(month_words())),
    st.integers(0, 45),
    st.integers(1990, 2600),
    st.sampled_from(("", "I mean", "14 people", " г.", "年", " 年", " р. x", ". Then", "\nNext")),
)
def test_the_usual_shape_is_read_as_any_other(month: str, day: int, year: int, behind: str) -> None:
    """It has a way of its own; two blanks for one are read in the other way."""
    usual, other = (match_date(f"{month}{blank}{day}, {year}{behind}", 0) for blank in (" ", "  "))
    assert usual == (None if other is None else (other[0], other[1] - 1))
