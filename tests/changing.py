"""Each field of a nested value changed in turn: what a face shows must change with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any


def variations(
    value: Any, path: str = "", other: Callable[[Any], Any] | None = None
) -> Iterator[tuple[str, Any]]:
    """`(path, changed value)` for each leaf below `value`; absent leaves have no variation.

    `other` makes another leaf of a leaf; without it, one of the same kind.
    """
    if value is None or isinstance(value, Mapping | bytes):
        return
    if is_dataclass(value):
        for field in fields(value):
            held = getattr(value, field.name)
            for below, changed in variations(held, f"{path}.{field.name}", other):
                yield below, replace(value, **{field.name: changed})  # type: ignore[type-var]
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for name in value._fields:
            for below, changed in variations(getattr(value, name), f"{path}.{name}", other):
                yield below, value._replace(**{name: changed})  # type: ignore[attr-defined]
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            for below, changed in variations(item, f"{path}[{number}]", other):
                yield below, (*value[:number], changed, *value[number + 1 :])
    else:
        yield path, (other or _other)(value)


def with_each_text(value: Any, text: str) -> Iterator[tuple[str, Any]]:
    """`(path, changed value)` for each text below `value`, that one replaced."""

    def other(leaf: Any) -> Any:
        return text if isinstance(leaf, str) and not isinstance(leaf, Enum) else leaf

    for path, changed in variations(value, other=other):
        if changed != value:
            yield path, changed


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
