"""What was parsed out of payloads in: rows that can be made again at any time, and their index."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from ..codec import to_json
from ..models import Embed
from .posts import Posts
from .rows import storable
from .search import Search

_FIND = """
SELECT json_group_array(json_array(
    wanted.column1, embeds.id, embeds.embed = wanted.column5
))
FROM (VALUES {rows}) AS wanted
JOIN embeds ON embeds.post = wanted.column2 AND embeds.payload = wanted.column3
    AND embeds.backend = wanted.column4
"""

_INSERT = """
INSERT INTO embeds (id, post, payload, backend, embed, handle, name, text) VALUES {rows}
"""

_UPDATE = "UPDATE embeds SET embed = ?, handle = ?, name = ?, text = ? WHERE id = ?"

_INSERT_CODES = "INSERT INTO codes (code, network, post_id, handle, embed) VALUES {rows}"


class EmbedKey(NamedTuple):
    """What an embed is of; the payload by its digest."""

    post: int
    payload: str
    backend: str


class Embeds(Posts, Search):
    """The archive's embeds."""

    def _add_embeds(self, embeds: Mapping[EmbedKey, Embed], new: Container[str] = ()) -> None:
        """Write down what was parsed; a better reading of the same payload takes its place.

        `new`: payloads that came just now, and that nothing can have been read of before.
        """
        texts = {key: to_json(embed) for key, embed in embeds.items()}
        known = self._known_embeds({k: text for k, text in texts.items() if k.payload not in new})
        for key, (number, is_same) in known.items():
            if is_same:
                del texts[key]
                continue
            self._write(_UPDATE, *_shown(texts[key], embeds[key]), number)
            self._write("DELETE FROM codes WHERE embed = ?", number)
            self._write("DELETE FROM embeds_fts WHERE rowid = ?", number)
        unknown = (key for key in texts if key not in known)
        numbers = {key: number for number, key in enumerate(unknown, self._next_id("embeds"))}
        self._write_rows(
            _INSERT, [(n, *key, *_shown(texts[key], embeds[key])) for key, n in numbers.items()]
        )
        numbers |= {key: number for key, (number, is_same) in known.items() if not is_same}
        written = {number: embeds[key] for key, number in numbers.items()}
        self._index_embeds(written)
        self._write_rows(
            _INSERT_CODES,
            [
                (*owner, number)
                for number, embed in written.items()
                for owner in dict.fromkeys(_owners(embed))
            ],
        )

    def _known_embeds(self, texts: Mapping[EmbedKey, str]) -> dict[EmbedKey, tuple[int, bool]]:
        """The ids of those that there are, and whether they read the same."""
        keys = list(texts)
        asked = [(at, *key, texts[key]) for at, key in enumerate(keys)]
        return {
            keys[at]: (number, bool(is_same))
            for at, number, is_same in self._found_in(_FIND, asked)
        }


def _shown(text: str, embed: Embed) -> tuple[str, str, str, str]:
    author = embed.author
    return text, storable(author.handle), storable(author.name), storable(embed.text)


def _owners(embed: Embed) -> Iterator[tuple[str, str, str, str]]:
    """Code, network, id and handle: what an embed and those inside it tie together."""
    target, handle = embed.target, storable(embed.author.handle)
    codes = (*embed.codes, *(media.code for media in embed.media if media.code))
    # The links of a post that only repeats another are that one's.
    for code in () if embed.repost else codes:
        yield storable(code), storable(target.network), storable(target.post_id), handle
    for inner in (embed.quote, embed.repost, embed.parent):
        if inner is not None:
            yield from _owners(inner)
