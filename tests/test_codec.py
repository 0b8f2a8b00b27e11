"""The codec gives every value of the models back, and nothing that is not one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive import models
from embedarchive.codec import from_json, to_json
from embedarchive.models import Claim, Counts, Damage, Embed, Kind, Resolution, Span

from .making_values import dataclass_values

VALUE_TYPES = [
    models.Claim,
    models.Embed,
    models.Resolution,
    models.Target,
    models.Author,
    models.Entity,
    models.Media,
    models.Poll,
    models.LinkCard,
    models.CommunityNote,
    models.Counts,
    models.EditHistory,
    models.Reference,
    models.CodeOwner,
    models.Answer,
    models.MediaFile,
    models.StoredReference,
]


@pytest.mark.parametrize("cls", VALUE_TYPES, ids=lambda cls: cls.__name__)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_value_comes_back(cls: type, data: st.DataObject) -> None:
    value = data.draw(dataclass_values(cls))
    text = to_json(value)
    assert from_json(cls, text) == value
    text.encode("utf-8")  # whatever it holds, SQLite can take it


def test_fields_at_their_default_are_left_out() -> None:
    assert to_json(Claim()) == "{}"
    assert to_json(Claim(handle="Vaelkanor", confidence=1.0)) == '{"handle":"Vaelkanor"}'
    assert to_json(Claim(text_span=Span(3, 9))) == '{"text_span":[3,9]}'
    assert to_json(Counts(likes=0)) == '{"likes":0}'


def test_text_stays_readable_unless_it_has_no_utf8() -> None:
    assert to_json(Claim(text="東京 \x00 ☂")) == '{"text":"東京 \\u0000 ☂"}'
    assert to_json(Claim(text="東\ud83d")) == '{"text":"東\\ud83d"}'
    assert from_json(Claim, to_json(Claim(text="\\\ud83d\\u"))) == Claim(text="\\\ud83d\\u")


def test_times_are_written_in_utc() -> None:
    there = datetime(2021, 3, 4, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert to_json([there]) == '["2021-03-03T23:00:00Z"]'
    assert from_json(tuple[datetime, ...], '["2021-03-03T23:00:00Z"]') == (there,)
    with pytest.raises(TypeError, match="zone"):
        to_json(there.replace(tzinfo=None))


def test_aliases_are_types_too() -> None:
    assert from_json(tuple[Span, ...], "[[1,2],[3,4]]") == (Span(1, 2), Span(3, 4))
    assert from_json(tuple[Damage, ...], '[{"at":1,"start":2,"end":3}]') == (Damage(1, 2, 3),)
    assert from_json(Mapping[str, str], '{"a":"b"}') == {"a": "b"}


@pytest.mark.parametrize(
    ("cls", "text"),
    [
        (Claim, "[]"),
        (Claim, "nonsense"),
        (Claim, '{"handel":"x"}'),
        (Claim, '{"handle":3}'),
        (Claim, '{"handle":"a","handle":"b"}'),
        (Claim, '{"confidence":NaN}'),
        (Claim, '{"confidence":true}'),
        (Claim, '{"date":"20240102"}'),
        (Claim, '{"date":"2024-W01-1"}'),
        (Claim, '{"text_span":[1]}'),
        (Claim, '{"text_span":[1,2,3]}'),
        (Claim, '{"text_span":[1,"2"]}'),
        (Claim, '{"codes":"abc"}'),
        (Claim, '{"date_tolerance":1.5}'),
        (Claim, '{"date_tolerance":true}'),
        (Embed, '{"text":"no target, no author"}'),
        (Resolution, '{"rule":"r","level":"certain","target":null}'),
        (Kind, '"banner"'),
        (datetime, '"2024-01-02T03:04:05"'),
        (datetime, '"2024-01-02T03:04:05+02:00"'),
        (Claim, '{"text":' + "[" * 100_000),
        (Mapping[str, object], '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"),
    ],
)
def test_what_is_no_value_is_refused(cls: type, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words differ, the class is the promise
        from_json(cls, text)


@pytest.mark.parametrize("value", [b"bytes", {(1, 2): "a"}, object(), {"a": {3}}])
def test_what_json_cannot_hold_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        to_json(value)


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json(Claim(confidence=math.nan))


def test_endless_nesting_is_refused() -> None:
    value: object = "core"
    for _ in range(50_000):
        value = [value]
    with pytest.raises(ValueError, match="deep"):
        to_json({"evidence": value})


def test_large_numbers_and_dates_keep_their_value() -> None:
    evidence = {"id": 2**70, "none": None, "deep": {"list": [1, 2.5, "x", True]}}
    resolution = Resolution("redirect", models.Level.MATCHED, None, evidence)
    assert from_json(Resolution, to_json(resolution)) == resolution
    day = Claim(date=date(9, 1, 2))
    assert from_json(Claim, to_json(day)) == day
    moment = datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
    assert from_json(datetime, to_json(moment)) == moment
