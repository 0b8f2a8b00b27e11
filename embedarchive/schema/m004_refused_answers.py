"""Answers about another post than asked, or of no known shape, as evidence."""

from __future__ import annotations

# An answer about another post than asked, or of no known shape. No capture: of those each counts
# as a visit, in the plan of the next visits, in the views and in what a post is shown as.
# `answered` is the post that it is about instead: a row, so that it can be taken down.
_REFUSED = """
CREATE TABLE refused_answers (
    id INTEGER PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES posts (id),
    backend TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered INTEGER REFERENCES posts (id),
    received_at TEXT NOT NULL,
    payload TEXT NOT NULL REFERENCES payloads (digest),
    url TEXT NOT NULL,
    http_status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    UNIQUE (post, backend, payload)
) STRICT
"""

_REFUSED_INDEXES = (
    "CREATE INDEX refused_by_payload ON refused_answers (payload)",
    "CREATE INDEX refused_by_answered ON refused_answers (answered) WHERE answered IS NOT NULL",
)

_REFUSED_APPEND_ONLY = (
    """
    CREATE TRIGGER refused_no_update BEFORE UPDATE ON refused_answers
    BEGIN SELECT RAISE (ABORT, 'refused answers are append-only'); END
    """,
    """
    CREATE TRIGGER refused_no_delete BEFORE DELETE ON refused_answers
    BEGIN SELECT RAISE (ABORT, 'refused answers are append-only'); END
    """,
    """
    CREATE TRIGGER refused_no_replace BEFORE INSERT ON refused_answers
    WHEN EXISTS (
        SELECT 1 FROM refused_answers
        WHERE id = NEW.id
            OR (post = NEW.post AND backend = NEW.backend AND payload = NEW.payload)
    )
    BEGIN SELECT RAISE (ABORT, 'refused answers are append-only'); END
    """,
)

# As before, and a takedown of the post asked for or of the one answered empties the evidence too.
# Evidence holds nothing against a takedown: only another post's capture or an article does.
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

STATEMENTS = (_REFUSED, *_REFUSED_INDEXES, *_REFUSED_APPEND_ONLY, *_PAYLOADS_NO_UPDATE)
