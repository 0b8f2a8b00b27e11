"""When two texts agree, where they differ, and what may go to a terminal."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive import texts
from embedarchive.texts import agreement, agrees, codes, difference, normalise, printable
from tests.shared import shared
from tests.timing import assert_linear

CASES = Path(__file__).parent / "cases" / "texts"


def cases(name: str) -> list[Any]:
    found = json.loads((CASES / name).read_text("utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


@pytest.mark.parametrize("case", cases("normalise.json"))
def test_normalises(case: dict[str, str]) -> None:
    assert normalise(case["text"]) == case["expected"]


@pytest.mark.parametrize("case", cases("agreement.json"))
def test_judges_agreement(case: dict[str, Any]) -> None:
    claimed, true, known = case["claimed"], case["true"], case.get("true_codes", ())
    assert agrees(claimed, true, true_codes=known) is case["agrees"]
    assert agreement(claimed, true, true_codes=known) >= case.get("least", 0)


@pytest.mark.parametrize("case", cases("printable.json"))
def test_makes_text_printable(case: dict[str, str]) -> None:
    assert printable(case["text"]) == case["expected"]


def test_cuts_glued_codes() -> None:
    text = "lat.co/x https://t.co/Ab3dEf6hIjpic.twitter.com/Kl0mNo9pQr t.co/Ab3dEf6hIj@tove"
    assert codes(text) == ("Ab3dEf6hIj", "Kl0mNo9pQr")


def test_tells_where_texts_differ() -> None:
    assert difference("The *day* ferry is late", "The night ferry is very late") == [
        ("equal", "The"),
        ("delete", "day"),
        ("insert", "night"),
        ("equal", "ferry is"),
        ("insert", "very"),
        ("equal", "late"),
    ]


def test_extracted_texts_agree_with_their_source() -> None:
    found = [
        (agreement(post["text"], post["text_src"]), post["text"], post["text_src"])
        for line in shared("evalset/dev.jsonl").read_text("utf-8").splitlines()
        for post in json.loads(line)["tweets"]
        if not post.get("orphan")
    ]
    assert len(found) > 1000
    assert min(found)[0] >= 0.9, min(found)


def test_an_authors_posts_do_not_agree() -> None:
    by_author: dict[str, set[str]] = defaultdict(set)
    for line in shared("evalset/dev.jsonl").read_text("utf-8").splitlines():
        for post in json.loads(line)["tweets"]:
            by_author[post["handle"]].add(post["text_src"])
    pairs = [pair for own in by_author.values() for pair in itertools.combinations(sorted(own), 2)]
    assert len(pairs) > 1000
    assert max(agreement(*pair) for pair in pairs) < 0.7


def test_displayed_text_agrees_with_the_stored_answer() -> None:
    """As an embed prints it (media as pic links) and as the service stores it (short links)."""
    compared = 0
    for path in shared("recorded/syndication").glob("[0-9]*.json"):
        post = json.loads(path.read_text("utf-8"))
        if "display_text_range" not in post:
            continue
        start, end = post["display_text_range"]
        printed, shown = post["text"], post["text"][start:end]
        for item in post["entities"].get("media", []):
            printed = printed.replace(item["url"], item["display_url"])
        for item in post["entities"].get("urls", []):
            shown = shown.replace(item["url"], item["display_url"])
        assert agreement(printed, shown) >= 0.95 or not normalise(printed)
        compared += 1
    assert compared > 10


WORDS = ["late", "ferry", "&amp;", "amp;", "lt;", "](https://", "example.org/a", "t.co/Ab3dEf6hIj"]
CHARACTERS = "&\\*_>….—-\"“'[)\u200b\ufe0fＦﬁe\u0301 \n港"
TEXTS = st.lists(st.sampled_from([*WORDS, *CHARACTERS, "@tove", "..."]), max_size=25).map(
    "".join
) | st.text(max_size=80)


@given(TEXTS)
def test_a_normalised_text_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_a_text_agrees_with_itself_normalised(text: str) -> None:
    assert agreement(text, text) == 1.0
    if normalise(text):
        assert agreement(text, normalise(text)) == 1.0


@given(TEXTS, TEXTS)
def test_agreement_is_symmetric_and_bounded(left: str, right: str) -> None:
    assert agreement(left, right) == agreement(right, left)
    assert 0.0 <= agreement(left, right) <= 1.0


@given(TEXTS, TEXTS)
def test_a_difference_replays_to_both_texts(left: str, right: str) -> None:
    runs = difference(left, right)
    assert " ".join(text for op, text in runs if op != "insert") == normalise(left)
    assert " ".join(text for op, text in runs if op != "delete") == normalise(right)


@given(st.text(st.characters(codec=None, categories=None)))
def test_printable_text_holds_no_controls(text: str) -> None:
    clean = printable(text)
    assert printable(clean) == clean
    assert all(unicodedata.category(c) not in ("Cc", "Cs") for c in clean if c not in "\n\t")
    bidi = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    assert not bidi & {unicodedata.bidirectional(c) for c in clean}
    clean.encode()


PUMPS = [*'a&\\*[@-"…\u200b', "a ", "&amp;", "&#38;", "](", "](/", "](https://a ", "t.co/", "..."]
PUMPS += ["@a ", "> ", "http://a.co/(", "a.co?", "e\u0301", "pic.x.com/", "\ufdfa"]
PATTERNS = [p for p in vars(texts).values() if isinstance(p, re.Pattern)]


@pytest.mark.parametrize("pump", PUMPS)
def test_time_is_linear(pump: str) -> None:
    def work(text: str) -> None:
        for pattern in PATTERNS:
            pattern.sub("", text)
        agreement(text, text + "!")
        difference(text, "!" + text + "!")
        printable(text)

    assert_linear(work, lambda size: pump * (size // len(pump)), 12_500)


def test_a_hostile_character_reference_does_no_harm() -> None:
    assert normalise("&#" + "9" * 10_000 + ";") == "9" * 10_000 + ";"
