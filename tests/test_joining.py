"""Two references to one place → one: nothing that either knows is lost."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from embedarchive.joining import merge
from embedarchive.models import Alternative, Claim, Kind, Reference, Span

TEXT = "Before. The whole of an embedded post, its link inside. Behind."
CLAIM: dict[str, object] = {
    "network": "mastodon",
    "post_id": "1657692617044922369",
    "handle": "SandholmPort",
    "name": "Harbour",
    "date": date(2023, 5, 14),
    "text": "an embedded post",
    "text_span": Span(21, 37),
    "codes": ("Ab3dEf6hIj",),
    "confidence": 0.5,
    "alternatives": (Alternative(8, 37, "The whole of an embedded post", 0.25),),
    "date_tolerance": 1,
    "flags": ("one-line",),
}
"""Of each field a value that is not its default."""
KNOWN = Reference(
    start=8,
    end=55,
    raw=TEXT[8:55],
    form="blockquote",
    kind=Kind.EMBED,
    claim=Claim(**CLAIM),  # type: ignore[arg-type]  # values of many types, by name
    url="https://x.com/SandholmPort/status/1657692617044922369",
    parts=(Span(8, 20), Span(21, 55)),
)
BARE_CLAIM = Claim("mastodon", "1657692617044922369", confidence=0.5)
BARE = replace(KNOWN, claim=BARE_CLAIM, url=None, parts=())


def inside(reference: Reference) -> Reference:
    """The same as a link of another form, which comes second to an embed around it."""
    return replace(reference, start=43, end=54, raw=TEXT[43:54], form="status_url", kind=Kind.LINK)


@pytest.mark.parametrize("value", [KNOWN, KNOWN.claim], ids=["reference", "claim"])
def test_each_field_has_a_value_here_that_is_not_its_default(value: Reference | Claim) -> None:
    """So that one which is added later is judged by the tests below."""
    assert [f.name for f in fields(value) if getattr(value, f.name) == f.default] == []


@pytest.mark.parametrize(
    ("best", "other"),
    [(KNOWN, inside(BARE)), (BARE, inside(KNOWN)), (KNOWN, inside(KNOWN))],
    ids=["the best", "the other", "both"],
)
def test_what_either_knows_is_kept(best: Reference, other: Reference) -> None:
    assert merge([best, other], TEXT) == merge([other, best], TEXT) == [KNOWN]


@pytest.mark.parametrize("name", ["post_id", "handle", "name", "date", "text", "codes", "flags"])
def test_what_only_one_of_them_knows_is_kept(name: str) -> None:
    default = next(f.default for f in fields(Claim) if f.name == name)
    nearly_all = replace(KNOWN, claim=replace(KNOWN.claim, **{name: default}))
    only_this = replace(BARE, claim=replace(BARE_CLAIM, **{name: CLAIM[name]}))
    (found,) = merge([nearly_all, inside(only_this)], TEXT)
    assert getattr(found.claim, name) == CLAIM[name]
