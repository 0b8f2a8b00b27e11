"""Posts and how references came to them: targets and resolutions in, what is in force out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from ..codec import storable, storable_or_none, to_json
from ..models import Resolution
from .posts import Posts
from .precedence import in_force, is_news, subject
from .rows import to_resolution, to_stamp

_HISTORY = """
SELECT resolutions.*, posts.network AS target_network, posts.post_id AS target_id
FROM resolutions LEFT JOIN posts ON posts.id = resolutions.post
WHERE resolutions.reference IN (SELECT value FROM json_each(?))
ORDER BY resolutions.id
"""

_QUOTES = frozenset({"difference", "text"})
"""What in evidence repeats a post's own words."""

_IS_FORGOTTEN = """
SELECT 1 FROM posts
WHERE network = (SELECT network FROM document_references WHERE id = ?) AND post_id = ?
    AND forgotten_at IS NOT NULL
"""

# A refused candidate stands in the evidence alone.
_FORGET_QUOTES = """
UPDATE resolutions SET evidence = json_remove(evidence, '$.difference', '$.text')
WHERE COALESCE(json_extract(evidence, '$.difference'), json_extract(evidence, '$.text')) IS NOT NULL
    AND (
        post = ?1
        OR EXISTS (
            SELECT 1 FROM posts JOIN document_references USING (network)
            WHERE posts.id = ?1 AND document_references.id = resolutions.reference
                AND posts.post_id = json_extract(resolutions.evidence, '$.candidate')
        )
    )
"""


class Resolutions(Posts):
    """The archive's posts and resolutions."""

    def add_resolution(self, reference_id: int, resolution: Resolution) -> bool:
        """Append what was learnt of a reference; False where its rule's last word was the same.

        Of a forgotten post's words nothing is kept.
        """
        with self.transaction():
            resolution = self._without_forgotten_words(reference_id, resolution)
            history = self._histories([reference_id]).get(reference_id, {})
            if not is_news(resolution, history):
                return False
            target = resolution.target
            self._write(
                "INSERT INTO resolutions"
                " (reference, rule, level, post, refused, evidence, resolved_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                reference_id,
                resolution.rule,
                resolution.level.value,
                None if target is None else self._post(target).id,
                storable_or_none(resolution.refused),
                to_json(resolution.evidence),
                to_stamp(self._now()),
            )
            self._settle(reference_id)
        return True

    def resolutions_of(self, reference_id: int) -> list[Resolution]:
        """All that was ever learnt of a reference, refusals included, oldest first."""
        return list(self._histories([reference_id]).get(reference_id, {}).values())

    def _without_forgotten_words(self, reference_id: int, resolution: Resolution) -> Resolution:
        evidence, about = resolution.evidence, subject(resolution)
        if _QUOTES.isdisjoint(evidence) or about is None:
            return resolution
        if self._row(_IS_FORGOTTEN, reference_id, storable(about)) is None:
            return resolution
        kept = {name: value for name, value in evidence.items() if name not in _QUOTES}
        return replace(resolution, evidence=kept)

    def _forget_words(self, post: int) -> None:
        """What resolutions repeat of a post's words goes; what they decided stays."""
        self._write(_FORGET_QUOTES, post)

    def _histories(self, references: Sequence[int]) -> dict[int, dict[int, Resolution]]:
        """Reference → resolution ids → resolutions, oldest first."""
        histories: dict[int, dict[int, Resolution]] = {}
        for row in self._rows(_HISTORY, json.dumps(references)):
            histories.setdefault(row["reference"], {})[row["id"]] = to_resolution(row)
        return histories

    def _settle(self, reference_id: int) -> None:
        """Write down which resolution of a reference is in force, and so which post it is."""
        chosen = in_force(self._histories([reference_id]).get(reference_id, {}))
        self._write(
            "UPDATE document_references SET resolution = ?,"
            " post = (SELECT post FROM resolutions WHERE id = ?) WHERE id = ?",
            chosen,
            chosen,
            reference_id,
        )
