"""What was parsed out of payloads in: rows that can be made again at any time, and their index."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import NamedTuple

from .posts import Posts
from .written import WrittenEmbed

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

_INSERT_WORDS = "INSERT INTO embeds_fts (rowid, text, author, alt) VALUES {rows}"

_INSERT_CODES = "INSERT INTO codes (code, network, post_id, handle, embed) VALUES {rows}"


class EmbedKey(NamedTuple):
    """What an embed is of; the payload by its digest."""

    post: int
    payload: str
    backend: str


class Embeds(Posts):
    """The archive's embeds."""

    def _add_embeds(
        self, embeds: Mapping[EmbedKey, WrittenEmbed], new: Container[str] = ()
    ) -> None:
        """Write down what was parsed; a better reading of the same payload takes its place.

        `new`: payloads that came just now, and that nothing can have been read of before.
        """
        known = self._known_embeds({k: one for k, one in embeds.items() if k.payload not in new})
        changed = {key: number for key, (number, is_same) in known.items() if not is_same}
        for key, number in changed.items():
            self._write(_UPDATE, *embeds[key].columns, number)
            self._write("DELETE FROM codes WHERE embed = ?", number)
            self._write("DELETE FROM embeds_fts WHERE rowid = ?", number)
        unknown = (key for key in embeds if key not in known)
        made = {key: number for number, key in enumerate(unknown, self._next_id("embeds"))}
        self._write_rows(_INSERT, [(n, *key, *embeds[key].columns) for key, n in made.items()])
        told = [(number, embeds[key]) for key, number in (changed | made).items()]
        self._write_rows(_INSERT_WORDS, [(number, *one.words) for number, one in told])
        self._write_rows(
            _INSERT_CODES, [(*owner, number) for number, one in told for owner in one.codes]
        )

    def _known_embeds(
        self, embeds: Mapping[EmbedKey, WrittenEmbed]
    ) -> dict[EmbedKey, tuple[int, bool]]:
        """The ids of those that there are, and whether they read the same."""
        keys = list(embeds)
        asked = [(at, *key, embeds[key].columns[0]) for at, key in enumerate(keys)]
        return {
            keys[at]: (number, bool(is_same))
            for at, number, is_same in self._found_in(_FIND, asked)
        }
