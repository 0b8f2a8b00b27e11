"""The prefilter says exactly what looking for each literal would say."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from embedarchive.forms import FORMS
from embedarchive.prefilter import Prefilter
from tests.command import ROOT

PREFILTER = Prefilter(FORMS)
LITERALS = sorted({literal for form in FORMS for literal in form.literals})


def one_by_one(haystack: bytes) -> list[str]:
    return [form.name for form in FORMS if any(literal in haystack for literal in form.literals)]


def names(haystack: bytes) -> list[str]:
    return [form.name for form in PREFILTER.candidates(haystack)]


def test_each_literal_alone_finds_its_forms() -> None:
    for literal in LITERALS:
        assert names(literal) == one_by_one(literal)
        assert names(literal) != []


def test_literals_are_lower_case() -> None:
    assert all(literal == literal.lower() and literal for literal in LITERALS)


def test_on_every_case_of_the_shelf() -> None:
    for path in sorted((ROOT / "tests" / "cases" / "forms").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            haystack = json.loads(line)["content"].encode().lower()
            assert names(haystack) == one_by_one(haystack)


PIECES = st.one_of(
    st.sampled_from(LITERALS),
    st.sampled_from(LITERALS).map(lambda literal: literal[:-1]),
    st.sampled_from(LITERALS).map(lambda literal: literal[1:]),
    st.binary(max_size=6),
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_on_anything(haystack: bytes) -> None:
    assert names(haystack.lower()) == one_by_one(haystack.lower())
