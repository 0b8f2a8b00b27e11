"""Answers of no known shape to the questions of a search for a post, as evidence."""

from __future__ import annotations

# `reference` is for which one it was asked: an id that is never used twice, and may be gone when
# another scanner finds other references; the evidence stays.
_REFUSED = """
CREATE TABLE refused_lookups (
    id INTEGER PRIMARY KEY,
    reference INTEGER NOT NULL,
    resolver TEXT NOT NULL,
    reason TEXT NOT NULL,
    received_at TEXT NOT NULL,
    payload TEXT NOT NULL REFERENCES payloads (digest),
    url TEXT NOT NULL,
    http_status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    UNIQUE (reference, resolver, payload)
) STRICT
"""

_INDEX = "CREATE INDEX refused_lookups_by_payload ON refused_lookups (payload)"

_APPEND_ONLY = (
    """
    CREATE TRIGGER refused_lookups_no_update BEFORE UPDATE ON refused_lookups
    BEGIN SELECT RAISE (ABORT, 'refused lookups are append-only'); END
    """,
    """
    CREATE TRIGGER refused_lookups_no_delete BEFORE DELETE ON refused_lookups
    BEGIN SELECT RAISE (ABORT, 'refused lookups are append-only'); END
    """,
    """
    CREATE TRIGGER refused_lookups_no_replace BEFORE INSERT ON refused_lookups
    WHEN EXISTS (
        SELECT 1 FROM refused_lookups
        WHERE id = NEW.id
            OR (reference = NEW.reference AND resolver = NEW.resolver AND payload = NEW.payload)
    )
    BEGIN SELECT RAISE (ABORT, 'refused lookups are append-only'); END
    """,
)

# As before, and of what posts such an answer speaks nobody knows: any takedown empties them all,
# but for bytes that another post's capture or an article stands on.
_PAYLOADS_NO_UPDATE = (
    "DROP TRIGGER payloads_no_update",
    """
    CREATE TRIGGER payloads_no_update BEFORE UPDATE ON payloads
    WHEN NOT (
        NEW.body IS NULL AND NEW.rowid = OLD.rowid AND NEW.digest = OLD.digest
        AND NEW.size = OLD.size AND NEW.compression = OLD.compression
        AND (
            EXISTS (
                SELECT 1 FROM captures JOIN posts ON posts.id = captures.post
                WHERE captures.payload = OLD.digest AND posts.forgotten_at IS NOT NULL
            )
            OR EXISTS (
                SELECT 1 FROM refused_answers
                JOIN posts ON posts.id IN (refused_answers.post, refused_answers.answered)
                WHERE refused_answers.payload = OLD.digest AND posts.forgotten_at IS NOT NULL
            )
            OR (
                EXISTS (SELECT 1 FROM refused_lookups WHERE payload = OLD.digest)
                AND EXISTS (SELECT 1 FROM posts WHERE forgotten_at IS NOT NULL)
            )
        )
        AND NOT EXISTS (
            SELECT 1 FROM captures JOIN posts ON posts.id = captures.post
            WHERE captures.payload = OLD.digest AND posts.forgotten_at IS NULL
        )
        AND NOT EXISTS (SELECT 1 FROM document_versions WHERE digest = OLD.digest)
    )
    BEGIN SELECT RAISE (ABORT, 'payloads are append-only'); END
    """,
)

_FORGETFUL = """
CREATE TRIGGER posts_forgotten_in_lookups AFTER UPDATE OF forgotten_at ON posts
WHEN NEW.forgotten_at IS NOT NULL
BEGIN
    UPDATE payloads SET body = NULL
    WHERE digest IN (SELECT payload FROM refused_lookups)
        AND digest NOT IN (
            SELECT captures.payload FROM captures JOIN posts ON posts.id = captures.post
            WHERE posts.forgotten_at IS NULL
        )
        AND digest NOT IN (SELECT digest FROM document_versions);
END
"""

STATEMENTS = (_REFUSED, _INDEX, *_APPEND_ONLY, *_PAYLOADS_NO_UPDATE, _FORGETFUL)
