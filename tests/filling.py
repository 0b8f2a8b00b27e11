"""Values of any dataclass with every field filled, by its type hints: a new field is in at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from itertools import count
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

Told = Mapping[str, Any]
"""`Class.field` or `field` → the value that it gets; `Class.field` goes before."""


def filled(kind: Any, told: Told, *, depth: int = 2) -> Any:
    """An instance with no field empty: texts and numbers all different, two items in each tuple.

    A class inside itself is filled `depth` deep, then None.
    """
    return _filled(kind, told, depth, count(1))


def _filled(kind: Any, told: Told, depth: int, number: Iterator[int]) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin is UnionType:
        inner = [arg for arg in args if arg is not NoneType]
        return _filled(inner[0], told, depth, number)
    if origin is tuple:
        return tuple(_filled(args[0], told, depth, number) for _ in range(2))
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")):
        return _instance(kind, told, depth, number)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if origin is not None and issubclass(origin, Mapping):
        return {}
    n = next(number)
    known = {
        str: f"word {n}",
        int: n,
        float: 0.5,
        bool: True,
        bytes: b"",
        date: date(2021, 6, 1 + n % 28),
        datetime: datetime(2021, 6, 1 + n % 28, n % 24, tzinfo=UTC),
    }
    return known[kind]


def _instance(kind: type, told: Told, depth: int, number: Iterator[int]) -> Any:
    hints = get_type_hints(kind)
    names = [f.name for f in fields(kind)] if is_dataclass(kind) else list(kind._fields)  # type: ignore[attr-defined]
    made = {}
    for name in names:
        override = told.get(f"{kind.__name__}.{name}", told.get(name))
        is_within = kind in get_args(hints[name])
        if override is not None:
            made[name] = override
        elif is_within and depth == 1:
            made[name] = None
        else:
            made[name] = _filled(hints[name], told, depth - is_within, number)
    return kind(**made)


def emptied(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The value with each optional field below it taken away, each in turn."""
    if not is_dataclass(value) or isinstance(value, type):
        return
    hints = get_type_hints(type(value))
    for field in fields(value):
        here, held = f"{path}.{field.name}", getattr(value, field.name)
        args = get_args(hints[field.name])
        if held is not None and NoneType in args:
            yield here, replace(value, **{field.name: None})  # type: ignore[type-var]
        if isinstance(held, tuple) and not hasattr(held, "_fields"):
            yield here, replace(value, **{field.name: ()})  # type: ignore[type-var]
            for at, item in enumerate(held):
                for below, changed in emptied(item, f"{here}[{at}]"):
                    others = (*held[:at], changed, *held[at + 1 :])
                    yield below, replace(value, **{field.name: others})  # type: ignore[type-var]
        if isinstance(held, bool):
            yield here, replace(value, **{field.name: not held})  # type: ignore[type-var]
        for below, changed in emptied(held, here):
            yield below, replace(value, **{field.name: changed})  # type: ignore[type-var]
