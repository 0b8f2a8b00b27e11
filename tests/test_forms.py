"""Every form of the shelf against its cases, and against hostile text."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive.forms import FORMS
from embedarchive.models import Reference
from embedarchive.projection import Form, Page
from tests.making import make_document
from tests.timing import assert_linear, seconds

CASES = Path(__file__).parent / "cases" / "forms"
MEDIA_TYPES = ("text/plain", "text/markdown", "text/html")


def _cases(form: Form) -> list[dict[str, object]]:
    path = CASES / f"{form.name}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ROWS = [(form, case) for form in FORMS for case in _cases(form)]
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
each_case = pytest.mark.parametrize(
    ("form", "case"),
    ROWS,
    ids=[f"{form.name}-{'+'.join(case['forms'])}-{i}" for i, (form, case) in enumerate(ROWS)],
)


def _find(form: Form, content: str, media_type: str) -> list[Reference]:
    """What the form finds, after checking what holds for every reference of every form."""
    document = make_document(content, media_type)
    found = list(form.find(Page(document)))
    for reference in found:
        assert 0 <= reference.start <= reference.end <= len(content)
        assert content[reference.start : reference.end] == reference.raw
        assert reference.form == form.name
        assert reference.claim.post_id is None or reference.claim.post_id
        for part in reference.parts:
            assert reference.start <= part.start <= part.end <= reference.end
        if reference.claim.text_span is not None:
            assert 0 <= reference.claim.text_span.start <= reference.claim.text_span.end
            assert reference.claim.text_span.end <= len(content)
    assert [r.start for r in found] == sorted(r.start for r in found)
    return found


def _known(reference: Reference) -> dict[str, object]:
    claim = reference.claim
    return {
        "kind": reference.kind,
        "raw": reference.raw,
        "url": reference.url,
        "network": claim.network,
        "post_id": claim.post_id,
        "handle": claim.handle,
        "name": claim.name,
        "date": claim.date.isoformat() if claim.date else None,
        "date_tolerance": claim.date_tolerance,
        "text": claim.text,
        "codes": list(claim.codes),
        "flags": list(claim.flags),
        "confidence": claim.confidence,
        "alternatives": [alternative.text for alternative in claim.alternatives],
        "start": reference.start,
        "end": reference.end,
    }


@each_form
def test_form_is_named_like_its_file(form: Form) -> None:
    assert type(form).__module__ == f"embedarchive.forms.{form.name}"


@each_form
def test_literals_are_lower_case_ascii(form: Form) -> None:
    assert form.literals
    for literal in form.literals:
        assert literal
        assert literal.isascii()
        assert literal == literal.lower()


@each_form
def test_form_has_cases_of_both_kinds(form: Form) -> None:
    cases = _cases(form)
    assert any(case["expect"] for case in cases)
    assert any(not case["expect"] for case in cases)


@each_case
def test_case(form: Form, case: dict[str, object]) -> None:
    found = _find(form, str(case["content"]), str(case["media_type"]))
    expected = case["expect"]
    assert isinstance(expected, list)
    shown = [
        {key: known[key] for key in wanted}
        for known, wanted in zip(map(_known, found), expected, strict=False)
    ]
    assert shown == expected
    assert len(found) == len(expected), [reference.raw for reference in found]


@each_case
def test_content_holds_a_literal(form: Form, case: dict[str, object]) -> None:
    content = str(case["content"]).lower().encode()
    assert not case["expect"] or any(literal in content for literal in form.literals)


# --- hostile text ------------------------------------------------------------------------------


@each_form
@given(st.text(max_size=200), st.sampled_from(MEDIA_TYPES))
@settings(max_examples=30)
def test_any_text(form: Form, content: str, media_type: str) -> None:
    _find(form, content, media_type)


@each_form
@given(st.data())
@settings(max_examples=60)
def test_damaged_cases(form: Form, data: st.DataObject) -> None:
    """Cut, doubled, spliced: true places and no exception."""
    content = str(data.draw(st.sampled_from(_cases(form) or [{"content": ""}]))["content"])
    cuts = data.draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=4))
    first, last = min(cuts), max(cuts)
    noise = data.draw(st.text(max_size=6) | st.sampled_from(["\n", "\n> ", "<", "](", "}}", "—"]))
    damaged = (
        content[:first]
        + noise
        + content[last:]
        + data.draw(st.sampled_from(["", content, content[first:last] * 3]))
    )
    _find(form, damaged, data.draw(st.sampled_from(MEDIA_TYPES)))


def _find_all(form: Form, page: Page) -> None:
    for _ in form.find(page):
        pass


def _page(piece: str, media_type: str, size: int) -> Page:
    return Page(make_document(piece * (size // len(piece) + 1), media_type))


@each_form
def test_time_is_linear(form: Form) -> None:
    """Pieces of the form's own notation, over and over: twice the text, twice the time."""
    contents = [str(case["content"]) for case in _cases(form)]
    pieces = [literal.decode() for literal in form.literals[:12]]
    pieces += [content[: max(3, len(content) // 3)] for content in contents[:12]]
    pieces += contents[:6]
    for piece in dict.fromkeys(pieces):
        for media_type in ("text/markdown", "text/html"):
            make = partial(_page, piece, media_type)
            if seconds(partial(_find_all, form, make(20_000))) >= 0.02:  # 1 MB a second
                # A page remembers what was asked of it: a new one each time it is measured.
                assert_linear(lambda size: _find_all(form, make(size)), int, 20_000, piece[:80])  # noqa: B023
