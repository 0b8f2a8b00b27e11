"""The measuring itself: what counts as found, wrong, or too much."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from embedarchive.models import Claim, Kind, Reference

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"

WANTED = {
    "id": "1000000000000000001",
    "handle": "harbour_post",
    "name": "Harbour Post",
    "date": "2018-05-25",
    "text": "Shut until\nnoon.",
    "media": ["AbCdEfGhIj"],
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Scripts find their parts beside themselves, as when they run."""
    monkeypatch.syspath_prepend(BENCHMARKS)

    def load_module(name: str) -> ModuleType:
        return import_module(name)

    return load_module


def found(**fields: object) -> Reference:
    claim = {
        "post_id": WANTED["id"],
        "handle": "harbour_post",
        "name": "Harbour Post",
        "date": date(2018, 5, 25),
        "text": "Shut until noon.",
        "codes": ("AbCdEfGhIj", "KlMnOpQrSt"),
    }
    return Reference(0, 1, "x", "blockquote", Kind.EMBED, Claim(**(claim | fields)))


def test_white_space_and_further_codes_do_not_count(load) -> None:
    compared = load("_embeds").compare([WANTED], [found()])
    assert not compared.misses
    assert not compared.extra
    assert [tally.right for tally in compared.tallies.values()] == [1] * 6


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "Harbour_Post"),
        ("name", None),
        ("date", date(2018, 5, 26)),
        ("text", "Shut until"),
        ("codes", ("KlMnOpQrSt",)),
        ("post_id", None),
    ],
)
def test_each_wrong_field_is_one_miss(load, field: str, value: object) -> None:
    compared = load("_embeds").compare([WANTED], [found(**{field: value})])
    name = {"codes": "media", "post_id": "id"}.get(field, field)
    assert [miss.field for miss in compared.misses] == [name]


def test_another_post_is_no_match(load) -> None:
    other = found(post_id="1000000000000000002")
    compared = load("_embeds").compare([WANTED], [other])
    assert compared.extra == [other]
    assert len(compared.misses) == 6


def test_a_null_is_not_asked_for_but_a_text_in_its_place_is_told(load) -> None:
    wanted = WANTED | {"text": None, "name": None}
    compared = load("_embeds").compare([wanted], [found()])
    assert not compared.misses
    assert [miss.got for miss in compared.unasked] == ["Shut until noon."]


def test_sites_weigh_the_same_in_the_macro_share_only(load) -> None:
    tables = load("_tables")
    sites = {"large": tables.Tally(90, 100), "small": tables.Tally(0, 1), "empty": tables.Tally()}
    assert tables.micro(sites) == pytest.approx(90 / 101)
    assert tables.macro(sites) == pytest.approx(0.45)
    small = dict.fromkeys("abcdef", tables.Tally(3, 4))
    assert tables.with_intervals(small) == ("0.750 [0.750 0.750]", "0.750 [0.750 0.750]")


def test_the_simple_rules_take_the_line_or_the_paragraph(load) -> None:
    def parse(text: str) -> date | None:
        return date(2018, 5, 25) if text == "May 25, 2018" else None

    text = "Article.\n\nShut.\nUntil noon.\n— Harbour Post (@harbour_post) May 25, 2018\n"
    rivals = load("_rivals")
    (line,) = rivals.find_below(text, parse)
    (paragraph,) = rivals.find_below(text, parse, by_paragraph=True)
    assert (line["text"], line["name"], line["date"]) == (
        "Until noon.",
        "Harbour Post",
        "2018-05-25",
    )
    assert paragraph["text"] == "Shut.\nUntil noon."
    assert text[paragraph["start"] : paragraph["end"]] == paragraph["text"]


def test_cutting_takes_the_gold_quote_and_nothing_else(load) -> None:
    html = (
        "<p>a</p><blockquote>kept</blockquote><p>b</p>"
        '<blockquote class="twitter-tweet"><a href="https://x.com/u/status/123456"></a>'
        "</blockquote><p>c</p>"
    )
    cut = load("_negatives").without_embeds(html, [{"id": "123456"}])
    assert cut == "<p>a</p><blockquote>kept</blockquote><p>b</p><p>c</p>"


def test_built_citations_are_the_same_each_time(load) -> None:
    build = load("_negatives").build_citations
    first = list(build(200))
    assert first == list(build(200))
    assert len(set(first)) > 190
