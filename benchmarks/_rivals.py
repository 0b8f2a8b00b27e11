"""Other ways to find tweets, to be measured beside ours: two simple rules and two libraries.

The rules read text and the libraries read HTML. No library may reach the network.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

_ATTRIBUTION = re.compile(
    r"(?:—|–|--|-)[ \t\n>]{0,4}(?P<name>[^\n—]{1,60}?)\s?\(@(?P<handle>[A-Za-z0-9_]{1,15})\)"
    r"[\s>\[]{1,8}(?P<date>[^\W\d_]{3,12}\.?\s[0-9]{1,2},\s[0-9]{4}"
    r"|[0-9]{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?\s(?:de\s)?[0-9]{4}"
    r"|[0-9]{4}[年년]\s?[0-9]{1,2}[月월]\s?[0-9]{1,2}[日일])"
)
_LINE_END = re.compile(r"\n")
_BLANK_LINE = re.compile(r"\n[ \t\r]{0,20}\n")
_MARGIN = " \t\n\r>*_|"

Prediction = dict[str, Any]
"""`{handle, name, date, text, start, end, id?, confidence?}`, as the set's scorer reads it."""


def find_below(
    text: str, parse: Callable[[str], date | None], *, by_paragraph: bool = False
) -> list[Prediction]:
    """Attributions by one regex; each one's tweet is the line above, or the paragraph above.

    Where a text has no blank lines its lines are its paragraphs.
    """
    bound = _BLANK_LINE if by_paragraph and _BLANK_LINE.search(text) else _LINE_END
    found = []
    for match in _ATTRIBUTION.finditer(text):
        printed = parse(match["date"])
        if printed is None:
            continue
        end = len(text[: match.start()].rstrip(_MARGIN))
        start = max((hit.end() for hit in bound.finditer(text, 0, end)), default=0)
        start += len(text[start:end]) - len(text[start:end].lstrip(_MARGIN))
        found.append(
            {
                "handle": match["handle"],
                "name": match["name"].strip(),
                "date": printed.isoformat(),
                "text": text[start:end],
                "start": start,
                "end": end,
            }
        )
    return found


@dataclass(frozen=True, slots=True)
class Library:
    """A library that finds embeds in HTML and tells their ids."""

    name: str
    find_ids: Callable[[str], list[str]]
    """Raises whatever it raises: to be caught, and counted, by the one who measures."""


def installed_libraries() -> tuple[list[Library], list[str]]:
    """The libraries that are here, and the names of those that are not."""
    makers = {"tweetfinder": _tweetfinder, "goose3": _goose3}
    present = [name for name in makers if find_spec(name)]
    absent = [name for name in makers if name not in present]
    return [makers[name]() for name in present], absent


def forbid_network() -> None:
    """From here on no socket of this process connects or asks for a name."""

    def refuse(event: str, _: object) -> None:
        if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}:
            raise OSError("benchmarks make no requests")

    sys.addaudithook(refuse)


def _tweetfinder() -> Library:
    module = import_module("tweetfinder")

    def find_ids(html: str) -> list[str]:
        embeds = module.Article(html=html).list_embedded_tweets()
        return [str(embed["tweet_id"]) for embed in embeds]

    return Library(f"tweetfinder {version('tweetfinder')}", find_ids)


def _goose3() -> Library:
    module = import_module("goose3")
    goose = module.Goose({"enable_image_fetching": False})

    def find_ids(html: str) -> list[str]:
        ids = []
        for markup in goose.extract(raw_html=html).tweets:
            # It gives the blockquote's markup; the last status link is the attribution's.
            links = re.findall(r"/status(?:es)?/([0-9]{1,19})", markup)
            ids.append(links[-1] if links else "")
        return ids

    return Library(f"goose3 {version('goose3')}", find_ids)
