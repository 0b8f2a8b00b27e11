"""JSON with one thing wrong: each key and element in turn dropped or made something else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from embedarchive.models import Embed

HOSTILE: tuple[object, ...] = (
    None, 0, -1, 10**300, 1.5, 1e308, True, "", "x", "\ud800", [], [[]], [None], {}, {"": {}},
    [{"indices": [10**18, -5]}], "https://t.co/AbCdEfGh12", [5, 2], [0, 10**15],
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all keys and elements."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def changes(body: Any, without: tuple[str, ...] = ()) -> Iterator[Any]:
    """The body with each of its places dropped, and replaced by each hostile value.

    Places at and below the keys in `without` stay as they are.
    """
    for path in places(body):
        if any(key in without for key in path):
            continue
        for value in (*HOSTILE, "drop"):
            other = copy.deepcopy(body)
            holder = other
            for key in path[:-1]:
                holder = holder[key]
            if value == "drop":
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
            yield other


def assert_sound(embed: Embed) -> None:
    """Whatever came in, what comes out can be stored and shown."""
    end = 0
    for entity in embed.entities:
        assert end <= entity.start < entity.end <= len(embed.text)
        end = entity.end
    repr(embed).encode("utf-8")
    for url in (embed.author.avatar_url, *(media.url for media in embed.media)):
        assert url is None or url.startswith(("https://", "http://"))
