"""Pictures and films in, once per SHA-256, and out."""

from __future__ import annotations

from ..codec import storable, storable_or_none
from ..models import KeptMedia, StoredMedia, Target
from .posts import Posts
from .rows import from_stamp, to_stamp

_INSERT_FILE = """
INSERT INTO media (sha256, content_type, size, content) VALUES (?, ?, ?, ?)
ON CONFLICT (sha256) DO UPDATE SET content = excluded.content WHERE content IS NULL
"""

_INSERT_OF_POST = """
INSERT INTO post_media (post, url, sha256, fetched_at, memento) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""

_OF_POST = """
SELECT post_media.url, post_media.sha256, post_media.fetched_at, post_media.memento
FROM posts
JOIN post_media ON post_media.post = posts.id
JOIN media ON media.sha256 = post_media.sha256 AND media.content IS NOT NULL
WHERE posts.network = ? AND posts.post_id = ?
ORDER BY post_media.id
"""


class MediaStore(Posts):
    """The archive's pictures and films."""

    def add_media(self, target: Target, media: StoredMedia) -> None:
        """Store a media file of a post once per SHA-256, and under which URL it was fetched."""
        with self.transaction():
            post = self._post(target)
            if post.is_forgotten:
                return
            size = len(media.content)
            self._write(_INSERT_FILE, media.sha256, media.content_type, size, media.content)
            self._write(
                _INSERT_OF_POST,
                post.id,
                storable(media.url),
                media.sha256,
                to_stamp(self._now()),
                storable_or_none(media.memento),
            )

    def media_content(self, sha256: str) -> bytes:
        """A media file's bytes; raises KeyError where the archive does not hold them."""
        row = self._row(
            "SELECT content FROM media WHERE sha256 = ? AND content IS NOT NULL", sha256
        )
        if row is None:
            raise KeyError(sha256)
        content: bytes = row["content"]
        return content

    def media_of(self, target: Target) -> list[KeptMedia]:
        """The files that are held of a post itself, in the order in which they were stored."""
        return [
            KeptMedia(row["url"], row["sha256"], from_stamp(row["fetched_at"]), row["memento"])
            for row in self._rows(_OF_POST, storable(target.network), storable(target.post_id))
        ]
