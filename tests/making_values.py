"""Any value of the models, for property tests: hostile texts included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st


def _paired(text: str) -> str:
    """Surrogates that stand as a pair are one character, as in any JSON reader."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=12).map(_paired),
    st.sampled_from(
        ["", "\x00", "a\x00b", "\ud800", str(2**63), "'; DROP TABLE posts;--", "\u202e"]
    ),
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(0, 2**63 - 1),
    bool: st.booleans(),
    float: st.floats(0, 1),
    object: JSON_VALUES,
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


@cache
def dataclass_values(cls: type, depth: int = 2) -> st.SearchStrategy[Any]:
    """Instances of a dataclass of the models, every field drawn; `depth` of it in each other."""
    hints = get_type_hints(cls)
    inner = st.none() | dataclass_values(cls, depth - 1) if depth else st.none()
    return st.builds(
        cls,
        **{
            f.name: inner if cls in get_args(hints[f.name]) else values(hints[f.name])
            for f in fields(cls)
        },
    )


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Instances of any type that a field of the models has."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is UnionType:
        (inner,) = [arg for arg in args if arg is not NoneType]
        return st.none() | values(inner)
    if origin is tuple:
        return st.lists(values(args[0]), max_size=2).map(tuple)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(TEXTS, values(args[1]), max_size=2)
    if kind in SCALARS:
        return SCALARS[kind]
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if issubclass(kind, tuple):
        hints = get_type_hints(kind)
        return st.builds(kind, *(values(hints[name]) for name in kind._fields))
    return dataclass_values(kind)
