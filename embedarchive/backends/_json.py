"""Reading JSON that somebody else wrote: bytes in, plain values out; nothing in it can crash us.

The getters return what was asked for or None / empty; a value of another type counts as absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NoReturn

from ..models import Response, unexpected

_MAX_DEPTH = 64
_MAX_NUMBER = 2**63
_UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")
_WEB_URL = re.compile(
    r"https?://[^\s\x00-\x20\x7f-\x9f<>\"`\\/?#@\[\]]{1,253}(?:[/?#][^\s\x00-\x20\x7f-\x9f<>\"`\\]{0,4000})?",
    re.IGNORECASE,
)
_POST_ID = re.compile(r"[1-9][0-9]{0,18}")

Object = Mapping[str, object]
_NOTHING: Object = {}


def load(response: Response) -> object:
    """The JSON of a body; raises UnexpectedResponse where it is none, too deep or too odd.

    NaN and numbers of thousands of digits are refused. NUL and halves of surrogate pairs, which
    neither SQLite nor a terminal takes, become U+FFFD: one for one, so that indices still fit.
    """
    try:
        text = response.body.decode("utf-8-sig", "replace")
        body: object = _DECODER.decode(text)
        # Only an escape can bring such a character in; and few brackets cannot nest deep.
        is_plain = "\\u" not in text and text.count("[") + text.count("{") <= _MAX_DEPTH
        return body if is_plain else _cleaned(body, 0)
    except (ValueError, RecursionError) as error:
        raise unexpected(response, f"not the JSON that was asked for: {error}") from error


def text(source: Object, key: str) -> str | None:
    """A string that is not empty."""
    value = source.get(key)
    return value if isinstance(value, str) and value else None


def number(source: Object, key: str) -> int | None:
    """A whole number from 0 up, also one written as a string."""
    value = source.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_NUMBER:
        return value
    return None


def mapping(source: Object, key: str) -> Object:
    """An object, empty where there is none."""
    value = source.get(key)
    return value if isinstance(value, dict) else _NOTHING


def items(source: Object, key: str) -> Iterator[Object]:
    """The objects of a list; other elements are passed over."""
    value = source.get(key)
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def strings(source: Object, key: str) -> tuple[str, ...]:
    """The strings of a list."""
    value = source.get(key)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def span(source: Object, key: str) -> tuple[int, int] | None:
    """Two indices in order."""
    value = source.get(key)
    if not isinstance(value, list) or len(value) != 2:
        return None
    start, end = value
    if type(start) is not int or type(end) is not int or not 0 <= start <= end < _MAX_NUMBER:
        return None
    return start, end


def web_url(source: Object, key: str) -> str | None:
    """An http or https URL of a named host; any other one counts as absent."""
    value = text(source, key)
    return value if value and _WEB_URL.fullmatch(value) else None


def post_id(source: Object, key: str) -> str | None:
    """A post's id: digits only."""
    value = text(source, key)
    return value if value and _POST_ID.fullmatch(value) else None


def moment(source: Object, key: str) -> datetime | None:
    """An ISO 8601 time; one without a zone is taken as UTC."""
    try:
        value = datetime.fromisoformat(text(source, key) or "")
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)  # json.loads would make one for each answer


def _cleaned(value: object, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return _UNPRINTABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_cleaned(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_cleaned(k, depth): _cleaned(v, depth + 1) for k, v in value.items()}
    return value
