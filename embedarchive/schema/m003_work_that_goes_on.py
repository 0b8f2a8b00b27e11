"""What a run could not get and the next ones ask for."""

from __future__ import annotations

# What a visit could not get though it may be there: a backend's name, or a media URL.
_UNFINISHED = """
CREATE TABLE unfinished (
    post INTEGER NOT NULL REFERENCES posts (id),
    what TEXT NOT NULL,
    why TEXT NOT NULL,
    tries INTEGER NOT NULL,
    tried_at TEXT NOT NULL,
    PRIMARY KEY (post, what)
) STRICT, WITHOUT ROWID
"""

# Answers of a slow service to questions that a search for a post asks: a cache that expires.
_LOOKUPS = """
CREATE TABLE lookups (
    url TEXT PRIMARY KEY,
    final_url TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    compression TEXT NOT NULL,
    body BLOB NOT NULL,
    received_at TEXT NOT NULL
) STRICT
"""

# A takedown leaves nothing of a post in either; whose answers the lookups are, nobody knows.
_FORGETFUL = """
CREATE TRIGGER posts_forgotten AFTER UPDATE OF forgotten_at ON posts
WHEN NEW.forgotten_at IS NOT NULL
BEGIN
    DELETE FROM unfinished WHERE post = NEW.id;
    DELETE FROM lookups;
END
"""

STATEMENTS = (_UNFINISHED, _LOOKUPS, _FORGETFUL)
