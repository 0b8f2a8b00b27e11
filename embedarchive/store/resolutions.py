"""Posts and how references came to them: targets and resolutions in, what is in force out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..codec import storable_or_none, to_json
from ..models import Resolution
from .posts import Posts
from .precedence import in_force, is_news
from .rows import to_resolution, to_stamp

_HISTORY = """
SELECT resolutions.*, posts.network AS target_network, posts.post_id AS target_id
FROM resolutions LEFT JOIN posts ON posts.id = resolutions.post
WHERE resolutions.reference IN (SELECT value FROM json_each(?))
ORDER BY resolutions.id
"""


class Resolutions(Posts):
    """The archive's posts and resolutions."""

    def add_resolution(self, reference_id: int, resolution: Resolution) -> bool:
        """Append what was learnt of a reference; False where its rule's last word was the same."""
        with self.transaction():
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
