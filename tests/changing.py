"""Each field of a nested value changed in turn: what a face shows must change with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any


def variations(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """`(path, changed value)` for each leaf below `value`; absent leaves have no variation."""
    if value is None or isinstance(value, Mapping | bytes):
        return
    if is_dataclass(value):
        for field in fields(value):
            for below, changed in variations(getattr(value, field.name), f"{path}.{field.name}"):
                yield below, replace(value, **{field.name: changed})  # type: ignore[type-var]
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for name in value._fields:
            for below, changed in variations(getattr(value, name), f"{path}.{name}"):
                yield below, value._replace(**{name: changed})  # type: ignore[attr-defined]
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            for below, changed in variations(item, f"{path}[{number}]"):
                yield below, (*value[:number], changed, *value[number + 1 :])
    else:
        yield path, _other(value)


def _other(value: Any) -> Any:
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1_000_003
    if isinstance(value, datetime | date):
        return value + timedelta(days=400)
    if value.startswith("http"):
        return f"{value}/changed"
    return f"{value} changed"


def with_texts(value: Any, text: str) -> Any:
    """The value with each string below it replaced by `text`."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if is_dataclass(value):
        changed = {f.name: with_texts(getattr(value, f.name), text) for f in fields(value)}
        return replace(value, **changed)  # type: ignore[type-var]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return value._replace(**{n: with_texts(getattr(value, n), text) for n in value._fields})  # type: ignore[attr-defined]
    if isinstance(value, tuple):
        return tuple(with_texts(item, text) for item in value)
    return value
