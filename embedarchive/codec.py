"""Frozen dataclasses, tuples, optionals, enums and dates ↔ JSON text; any text → UTF-8's. Pure.

A value is written without the fields that hold their default, and read back by the type asked
for: an unknown key, a missing field or a value of another type is a ValueError. It never guesses
a type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from itertools import compress
from operator import attrgetter, ne
from types import NoneType, UnionType
from typing import Any, NoReturn, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

_Decode = Callable[[Any], Any]

_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(value: object) -> str:
    """A value as compact JSON that `from_json` reads back equal; defaults are left out.

    Keys are strings, as the types of our mappings say: JSON has no others. Raises TypeError for a
    type that JSON cannot hold (bytes, naive times) and ValueError for NaN.
    """
    try:
        text = _ENCODER.encode(value)
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    # A lone surrogate has no UTF-8: SQLite refuses it as text, but takes its ASCII escape.
    return text if text.isascii() or not _SURROGATE.search(text) else _escape(text)


def from_json(cls: type[T], text: str) -> T:
    """The value of type `cls` (a class, or an alias as `tuple[Span, ...]`) written in `text`.

    Raises ValueError where the text is not JSON or not of that type.
    """
    try:
        plain = _DECODER.decode(text)
        value: T = _decoder(cast(Hashable, cls))(plain)
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    return value


# --- writing -----------------------------------------------------------------------------------


def _plain(value: object) -> object:
    """What stands for a value that JSON does not know; the encoder goes on from there."""
    kind: Any = type(value)
    if (known := _fields(kind)) is not None:
        names, get, defaults = known
        values = get(value)
        # In C from end to end: most of an embed's thirty fields hold their default.
        return dict(compress(zip(names, values, strict=True), map(ne, values, defaults)))
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return _written_time(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"JSON cannot hold a {kind.__name__}")


_Fields = tuple[tuple[str, ...], Callable[[object], tuple[object, ...]], tuple[object, ...]]


@cache
def _fields(cls: Any) -> _Fields | None:
    """The names of a dataclass's fields, what gets them all, and their defaults."""
    if not is_dataclass(cls):
        return None
    found = fields(cls)
    names = tuple(f.name for f in found)
    defaults = tuple(
        f.default if f.default_factory is MISSING else f.default_factory() for f in found
    )
    if len(names) > 1:
        return names, attrgetter(*names), defaults
    return names, lambda value: tuple(getattr(value, name) for name in names), defaults


def _written_time(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a time needs its zone")
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f"{moment.isoformat().removesuffix('+00:00')}Z"


def storable(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 has, written out as `\\udXXX`.

    They come with names of files that are no UTF-8, and out of JSON.
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def storable_or_none(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _escape(text: str) -> str:
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


# --- reading -----------------------------------------------------------------------------------


@cache
def _decoder(kind: Any) -> _Decode:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(args)
    if origin is tuple and len(args) == 2 and args[1] is ...:
        return _sequence(args[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(args[1])
    return _class(kind)


def _class(kind: Any) -> _Decode:
    if is_dataclass(kind):
        return _dataclass(kind)
    if hasattr(kind, "_fields"):
        return _named_tuple(kind)
    if issubclass(kind, Enum):
        decode: _Decode = kind
        return decode
    return _SCALARS[kind]


def _optional(args: tuple[Any, ...]) -> _Decode:
    (inner,) = [arg for arg in args if arg is not NoneType]
    decode = _decoder(inner)
    return lambda plain: None if plain is None else decode(plain)


def _sequence(item: Any) -> _Decode:
    decode = _decoder(item)
    return lambda plain: tuple(decode(each) for each in _of(list, plain))


def _mapping(item: Any) -> _Decode:
    decode = _decoder(item)
    return lambda plain: {key: decode(each) for key, each in _of(dict, plain).items()}


def _named_tuple(cls: Any) -> _Decode:
    hints = get_type_hints(cls)
    decoders = [_decoder(hints[name]) for name in cls._fields]

    def decode(plain: Any) -> Any:
        items = _of(list, plain)
        return cls(*(each(item) for each, item in zip(decoders, items, strict=True)))

    return decode


def _dataclass(cls: Any) -> _Decode:
    decoders: dict[str, _Decode] = {}

    def decode(plain: Any) -> Any:
        if not decoders:  # on first use, not before: an Embed holds Embeds
            hints = get_type_hints(cls)
            decoders.update({f.name: _decoder(hints[f.name]) for f in fields(cls)})
        items = _of(dict, plain)
        if unknown := items.keys() - decoders.keys():
            raise ValueError(f"{cls.__name__} has no field {min(unknown)!r}")
        try:
            return cls(**{name: decoders[name](item) for name, item in items.items()})
        except TypeError as exc:
            raise ValueError(f"{cls.__name__}: {exc}") from exc

    return decode


def _of(kind: type[T], plain: object) -> T:
    if type(plain) is not kind:
        raise ValueError(f"{type(plain).__name__} where {kind.__name__} belongs")
    return plain


def _scalar(kind: type) -> _Decode:
    return lambda plain: _of(kind, plain)


def _float(plain: object) -> float:
    return float(plain) if type(plain) is int else _of(float, plain)


def _date(plain: object) -> date:
    value = date.fromisoformat(_of(str, plain))
    if value.isoformat() != plain:
        raise ValueError(f"{plain} is no date of ours")
    return value


def _time(plain: object) -> datetime:
    value = datetime.fromisoformat(_of(str, plain))
    if value.tzinfo is None or _written_time(value) != plain:
        raise ValueError(f"{plain} is no time of ours")
    return value


_SCALARS: dict[Any, _Decode] = {
    str: _scalar(str),
    int: _scalar(int),
    bool: _scalar(bool),
    float: _float,
    date: _date,
    datetime: _time,
    object: lambda plain: plain,
}


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


# What goes round in a circle is nested too deep as well: no need to remember where we were.
_ENCODER = json.JSONEncoder(
    check_circular=False,
    ensure_ascii=False,
    allow_nan=False,
    separators=(",", ":"),
    default=_plain,
)
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
