"""Answers that were not taken in, as evidence, and out: they say nothing of the post asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..codec import storable, to_json
from ..models import Refused, Target
from .posts import PostRow, Posts
from .rows import from_stamp, to_body, to_payload, to_stamp
from .written import packed_of, told_of

MOST_KEPT = 10
"""Different ones of a post: a service that changed its answers would fill the file otherwise."""

_INSERT = """
INSERT INTO refused_answers (
    post, backend, reason, answered, received_at, payload, url, http_status, headers
) VALUES {rows}
"""

_OF_POST = """
SELECT refused_answers.*, others.post_id AS about,
       payloads.digest, payloads.compression, payloads.body
FROM posts
JOIN refused_answers ON refused_answers.post = posts.id
JOIN payloads ON payloads.digest = refused_answers.payload
LEFT JOIN posts AS others ON others.id = refused_answers.answered
WHERE posts.network = ? AND posts.post_id = ?
ORDER BY refused_answers.id
"""

_HELD = "SELECT backend, payload FROM refused_answers WHERE post = ?"


class RefusedAnswers(Posts):
    """The archive's evidence of what services answered amiss."""

    def add_refused(self, answers: Sequence[Refused]) -> None:
        """Keep answers, all or none: the same bytes once, and at most `MOST_KEPT` of a post.

        Nothing is kept for a forgotten post, and no bytes of an answer about one.
        """
        if not answers:
            return
        with self.transaction():
            posts = self._posts({one.target: told_of(one.target) for one in answers})
            new = list(self._new(answers, posts))
            others = filter(None, map(_about, new))
            posts |= self._posts({other: told_of(other) for other in others})
            gone = {post for post, row in posts.items() if row.is_forgotten}
            hidden = {one.payload.digest for one in new if _about(one) in gone}
            packed = {one.payload.digest: packed_of(one.payload.body) for one in new}
            self._keep(packed, forgotten=hidden)
            self._write_rows(_INSERT, [_values(one, posts) for one in new])

    def refused_of(self, target: Target) -> list[Refused]:
        """What was answered amiss when a post was asked for, oldest first."""
        rows = self._rows(_OF_POST, storable(target.network), storable(target.post_id))
        return [_refused(target, row) for row in rows]

    def _new(
        self, answers: Sequence[Refused], posts: Mapping[Target, PostRow]
    ) -> Iterator[Refused]:
        """Those that are to be kept."""
        held: dict[int, set[tuple[str, str]]] = {}
        for one in answers:
            post, key = posts[one.target], (one.backend, one.payload.digest)
            if post.is_forgotten:
                continue
            if post.id not in held:
                rows = self._rows(_HELD, post.id)
                held[post.id] = {(row["backend"], row["payload"]) for row in rows}
            if key not in held[post.id] and len(held[post.id]) < MOST_KEPT:
                held[post.id].add(key)
                yield one


def _about(one: Refused) -> Target | None:
    """The post that an answer is about instead."""
    return None if one.answered is None else Target(one.target.network, one.answered)


def _values(one: Refused, posts: Mapping[Target, PostRow]) -> tuple[object, ...]:
    about = _about(one)
    return (
        posts[one.target].id,
        one.backend,
        storable(one.reason),
        about and posts[about].id,
        to_stamp(one.received_at),
        one.payload.digest,
        storable(one.payload.url),
        one.payload.status,
        to_json(one.payload.headers),
    )


def _refused(target: Target, row: Any) -> Refused:
    return Refused(
        target=target,
        backend=row["backend"],
        reason=row["reason"],
        received_at=from_stamp(row["received_at"]),
        payload=to_payload(row, to_body(row)),
        answered=row["about"],
    )
