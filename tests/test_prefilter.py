"""The prefilter says exactly what looking for each literal and mark would say."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive.forms import FORMS
from embedarchive.joining import merge
from embedarchive.prefilter import Prefilter
from embedarchive.projection import Form, Page
from embedarchive.scan import scan
from tests.command import ROOT
from tests.making import make_document

PREFILTER = Prefilter(FORMS)
LITERALS = sorted({literal for form in FORMS for literal in form.literals})
CASES = [
    json.loads(line)
    for path in sorted((ROOT / "tests" / "cases" / "forms").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def marks_of(form: Form) -> bytes:
    marks: bytes = getattr(form, "marks", b"")
    return marks


def one_by_one(haystack: bytes) -> list[str]:
    return [
        form.name
        for form in FORMS
        if any(literal in haystack for literal in form.literals)
        and all(mark in haystack for mark in marks_of(form))
    ]


LONG = b"\0" * 30_000
"""A long text is looked through in another way."""


def names(haystack: bytes) -> list[str]:
    in_short, in_long = (
        [form.name for form in PREFILTER.candidates(text)] for text in (haystack, haystack + LONG)
    )
    assert in_short == in_long
    return in_short


def test_each_literal_alone_finds_its_forms() -> None:
    every_mark = bytes({mark for form in FORMS for mark in marks_of(form)})
    for literal in LITERALS:
        assert names(literal) == one_by_one(literal)
        with_marks = literal + b"\0" + b"\0".join(bytes([mark]) for mark in every_mark)
        assert names(with_marks) == one_by_one(with_marks)
        assert names(with_marks) != []


def test_literals_are_lower_case() -> None:
    assert all(literal == literal.lower() and literal for literal in LITERALS)


def test_on_every_case_of_the_shelf() -> None:
    for case in CASES:
        haystack = case["content"].encode().lower()
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


@settings(deadline=None)  # the first reading loads the scorer
@given(
    st.lists(st.sampled_from(CASES).map(lambda case: case["content"]), min_size=1, max_size=3),
    st.sampled_from(("text/plain", "text/markdown", "text/html")),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_scanning_without_it_finds_the_same(
    contents: list[str], media_type: str, cut: int, length: int
) -> None:
    """Its literals are necessary: no form finds a thing where they are absent."""
    text = "\n\n".join(contents)
    document = make_document(text[:cut] + text[cut + length :], media_type)
    page = Page(document)
    every = merge([found for form in FORMS for found in form.find(page)], document.text)
    assert scan(document) == every
