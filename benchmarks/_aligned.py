"""One text of an extractor → where the embeds of its page stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from _extractors import extract

Record = dict[str, Any]

_IGNORED = frozenset(" \n\t\r\u3000\xa0\u200b\u200c\u200d\ufeff\u200e\u200f\u2063\xad*_\\|[]`~<>")
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_TARGET = re.compile(r"\]\(\s*<?(?:https?:|/)[^()\s]*>?\s*\)|\]\(<?https?:[^)]*\)")


def squash(text: str) -> tuple[str, list[int]]:
    """A text without blanks and markup, and where each character left stood."""
    kept, places, at = [], [], 0
    for match in [*_TARGET.finditer(text), None]:
        stop = match.start() if match else len(text)
        for place in range(at, stop):
            if text[place] not in _IGNORED:
                kept.append(text[place])
                places.append(place)
        at = match.end() if match else stop
    return "".join(kept).translate(_SAME).replace("--", "-\0"), places


def align(text: str, embeds: list[Record]) -> list[Record]:
    """The embeds found in an extractor's text: `start`, `end`, and `handle_at`."""
    squashed, places = squash(text)
    found, at = [], 0
    for embed in embeds:
        body, name = squash(embed["text"])[0], squash(embed["name"] or "")[0]
        anchor = "(@" + embed["handle"].replace("_", "") + ")"
        key = at - 1
        while body and (key := squashed.find(anchor, key + 1)) >= 0:
            if not squashed.endswith(name, 0, key):
                continue
            dash = key - len(name)
            while dash and squashed[dash - 1] in "-\0":
                dash -= 1
            if squashed.endswith(body, 0, dash):
                start = places[dash - len(body)]
                found.append(
                    {"start": start, "end": places[dash - 1] + 1, "handle_at": places[key]}
                )
                at = key + 1
                break
    return found


def flatten(
    page: str, embeds: list[Record], names: Iterable[str], document: str, sites: list[str]
) -> list[Record]:
    records, seen = [], set()
    for name in names:
        text = extract(name, page)
        if text is None or text in seen:
            continue
        seen.add(text)
        tweets = align(text, embeds)
        if tweets:
            records.append(
                {"sites": sites, "doc": document, "extractor": name, "text": text, "tweets": tweets}
            )
    return records
