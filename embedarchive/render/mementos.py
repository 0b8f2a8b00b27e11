"""Addresses of copies in the Wayback Machine → what people follow and read. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from . import words
from .words import Moment

_MEMENTO = re.compile(r"(https://web\.archive\.org/web/)([0-9]{14})(?:id_)?/")


def shown(url: str) -> tuple[str, Moment | None]:
    """The address that shows a copy, and when that was made; None where the address does not say.

    It holds the time of the copy; `id_` in it asks for bytes rather than a page.
    """
    found = _MEMENTO.match(url)
    if found is None:
        return url, None
    return f"{found[1]}{found[2]}/{url[found.end() :]}", _made(found[2])


def _made(timestamp: str) -> Moment | None:
    try:
        return words.moment(datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
    except ValueError:
        return None
