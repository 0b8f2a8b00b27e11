"""Articles, references, posts, captures, media, codes, pacing and runs."""

from __future__ import annotations

# Bytes as received, once per SHA-256: articles and answers alike. `body` is NULL once forgotten.
_PAYLOADS = """
CREATE TABLE payloads (
    digest TEXT PRIMARY KEY CHECK (digest LIKE 'sha256:%'),
    body BLOB,
    compression TEXT NOT NULL CHECK (compression IN ('none', 'zlib')),
    size INTEGER NOT NULL
) STRICT
"""

# `version` is the one seen last: an article may go back to what it said before.
_DOCUMENTS = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    uri TEXT NOT NULL UNIQUE,
    version INTEGER REFERENCES document_versions (id) DEFERRABLE INITIALLY DEFERRED
) STRICT
"""

# `text` is kept only where the bytes do not decode to it cleanly, as zlib of UTF-8.
_DOCUMENT_VERSIONS = """
CREATE TABLE document_versions (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (id),
    digest TEXT NOT NULL REFERENCES payloads (digest),
    encoding TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bom INTEGER NOT NULL,
    text BLOB,
    damage TEXT NOT NULL,
    published_at TEXT,
    scanner_version TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    UNIQUE (document, digest, encoding)
) STRICT
"""

# AUTOINCREMENT: the id is part of a stub's address (`claim-17`) and must never name another.
# `resolution` and `post` repeat what `resolutions` says is in force, so that it can be joined.
_DOCUMENT_REFERENCES = """
CREATE TABLE document_references (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL REFERENCES document_versions (id),
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL CHECK (span_end >= span_start),
    raw TEXT NOT NULL,
    form TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT,
    network TEXT NOT NULL,
    post_id TEXT,
    handle TEXT,
    name TEXT,
    date TEXT,
    text TEXT,
    text_start INTEGER,
    text_end INTEGER,
    confidence REAL NOT NULL,
    details TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    is_live INTEGER NOT NULL CHECK (is_live IN (0, 1)),
    resolution INTEGER REFERENCES resolutions (id) DEFERRABLE INITIALLY DEFERRED,
    post INTEGER REFERENCES posts (id)
) STRICT
"""

_RESOLUTIONS = """
CREATE TABLE resolutions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    reference INTEGER NOT NULL REFERENCES document_references (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    level TEXT NOT NULL,
    post INTEGER REFERENCES posts (id),
    refused TEXT,
    evidence TEXT NOT NULL,
    resolved_at TEXT NOT NULL
) STRICT
"""

_POSTS = """
CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    network TEXT NOT NULL,
    post_id TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    handle TEXT,
    created_at TEXT,
    forgotten_at TEXT,
    UNIQUE (network, post_id)
) STRICT
"""

_CAPTURES = """
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES posts (id),
    backend TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    captured_at TEXT NOT NULL,
    payload TEXT NOT NULL REFERENCES payloads (digest),
    url TEXT NOT NULL,
    http_status INTEGER NOT NULL,
    headers TEXT NOT NULL
) STRICT
"""

# What one backend's payload says of one post: a cache, made again from the payload at any time.
# The plain columns repeat what people look for; generated ones would need a trusted schema.
_EMBEDS = """
CREATE TABLE embeds (
    id INTEGER PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES posts (id),
    payload TEXT NOT NULL REFERENCES payloads (digest),
    backend TEXT NOT NULL,
    embed TEXT NOT NULL,
    handle TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (post, payload, backend)
) STRICT
"""

_MEDIA = """
CREATE TABLE media (
    sha256 TEXT PRIMARY KEY,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content BLOB
) STRICT
"""

_POST_MEDIA = """
CREATE TABLE post_media (
    id INTEGER PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES posts (id),
    url TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES media (sha256),
    fetched_at TEXT NOT NULL,
    UNIQUE (post, url, sha256)
) STRICT
"""

# Which post a t.co/pic code stands for, and whose word that is: an embed's or a reference's.
_CODES = """
CREATE TABLE codes (
    code TEXT NOT NULL,
    network TEXT NOT NULL,
    post_id TEXT NOT NULL,
    handle TEXT,
    embed INTEGER REFERENCES embeds (id) ON DELETE CASCADE,
    reference INTEGER REFERENCES document_references (id) ON DELETE CASCADE,
    CHECK ((embed IS NULL) <> (reference IS NULL))
) STRICT
"""

_HOSTS = """
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    not_before TEXT,
    failures INTEGER NOT NULL
) STRICT
"""

_RUNS = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    report TEXT
) STRICT
"""

_INDEXES = (
    "CREATE INDEX references_by_version ON document_references (version, fingerprint)",
    "CREATE INDEX references_by_post ON document_references (post) WHERE is_live",
    "CREATE INDEX references_by_author ON document_references (handle COLLATE NOCASE, date)"
    " WHERE post_id IS NOT NULL AND text IS NOT NULL",
    "CREATE INDEX references_in_force ON document_references (resolution)",
    "CREATE INDEX resolutions_by_reference ON resolutions (reference)",
    "CREATE INDEX resolutions_by_post ON resolutions (post)",
    "CREATE INDEX captures_by_post ON captures (post, outcome)",
    "CREATE INDEX captures_by_payload ON captures (payload)",
    "CREATE INDEX embeds_by_payload ON embeds (payload)",
    "CREATE INDEX versions_by_digest ON document_versions (digest)",
    "CREATE INDEX documents_by_version ON documents (version)",
    "CREATE INDEX posts_by_id ON posts (post_id)",
    "CREATE INDEX posts_by_author ON posts (handle COLLATE NOCASE, created_at)",
    "CREATE INDEX post_media_by_file ON post_media (sha256)",
    "CREATE INDEX codes_by_code ON codes (code)",
    "CREATE INDEX codes_by_embed ON codes (embed) WHERE embed IS NOT NULL",
    "CREATE INDEX codes_by_reference ON codes (reference) WHERE reference IS NOT NULL",
)

# Rowids are those of `embeds` and `document_references`; `store` keeps them in step.
_SEARCH = (
    """
    CREATE VIRTUAL TABLE embeds_fts USING fts5 (
        text, author, alt, tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE VIRTUAL TABLE references_fts USING fts5 (
        text, author, tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
)

# Append-only. A DELETE trigger alone is not enough: INSERT OR REPLACE slips past it unless
# recursive_triggers is on, hence the INSERT triggers. The one change let through is what a
# takedown does: the body of a payload goes, once no post that may be shown stands on it.
_APPEND_ONLY = (
    """
    CREATE TRIGGER captures_no_update BEFORE UPDATE ON captures
    BEGIN SELECT RAISE (ABORT, 'captures are append-only'); END
    """,
    """
    CREATE TRIGGER captures_no_delete BEFORE DELETE ON captures
    BEGIN SELECT RAISE (ABORT, 'captures are append-only'); END
    """,
    """
    CREATE TRIGGER captures_no_replace BEFORE INSERT ON captures
    WHEN EXISTS (SELECT 1 FROM captures WHERE id = NEW.id)
    BEGIN SELECT RAISE (ABORT, 'captures are append-only'); END
    """,
    """
    CREATE TRIGGER payloads_no_update BEFORE UPDATE ON payloads
    WHEN NOT (
        NEW.body IS NULL AND NEW.rowid = OLD.rowid AND NEW.digest = OLD.digest
        AND NEW.size = OLD.size AND NEW.compression = OLD.compression
        AND EXISTS (
            SELECT 1 FROM captures JOIN posts ON posts.id = captures.post
            WHERE captures.payload = OLD.digest AND posts.forgotten_at IS NOT NULL
        )
        AND NOT EXISTS (
            SELECT 1 FROM captures JOIN posts ON posts.id = captures.post
            WHERE captures.payload = OLD.digest AND posts.forgotten_at IS NULL
        )
        AND NOT EXISTS (SELECT 1 FROM document_versions WHERE digest = OLD.digest)
    )
    BEGIN SELECT RAISE (ABORT, 'payloads are append-only'); END
    """,
    """
    CREATE TRIGGER payloads_no_delete BEFORE DELETE ON payloads
    BEGIN SELECT RAISE (ABORT, 'payloads are append-only'); END
    """,
    """
    CREATE TRIGGER payloads_no_replace BEFORE INSERT ON payloads
    WHEN EXISTS (SELECT 1 FROM payloads WHERE digest = NEW.digest OR rowid = NEW.rowid)
    BEGIN SELECT RAISE (ABORT, 'payloads are append-only'); END
    """,
)

_VIEWS = (
    # By sequence, not by clock: a clock may jump back, a row never comes before an older one.
    """
    CREATE VIEW snapshots AS
    SELECT posts.key, posts.network, posts.post_id, embeds.handle, embeds.name, embeds.text,
           posts.created_at, captures.captured_at, captures.backend, captures.id AS capture
    FROM posts
    JOIN captures ON captures.id = (
        SELECT MAX(id) FROM captures WHERE post = posts.id AND outcome = 'available'
    )
    LEFT JOIN embeds ON embeds.post = captures.post AND embeds.payload = captures.payload
        AND embeds.backend = captures.backend
    """,
    """
    CREATE VIEW gone AS
    SELECT posts.key, posts.network, posts.post_id, posts.handle, captures.outcome,
           captures.reason, captures.captured_at, captures.backend
    FROM posts
    JOIN captures ON captures.id = (
        SELECT MAX(id) FROM captures WHERE post = posts.id AND outcome <> 'unknown'
    )
    WHERE captures.outcome IN ('deleted', 'suspended', 'protected', 'account_gone', 'removed')
    """,
    """
    CREATE VIEW unresolved AS
    SELECT document_references.id, documents.uri, document_references.kind,
           document_references.form, document_references.handle, document_references.name,
           document_references.date, document_references.text
    FROM documents
    JOIN document_references ON document_references.version = documents.version
    WHERE document_references.post IS NULL
        AND document_references.kind NOT IN ('credit', 'other')
    """,
    """
    CREATE VIEW articles_per_post AS
    SELECT posts.key, posts.network, posts.post_id, posts.handle,
           COUNT(DISTINCT documents.id) AS articles
    FROM posts
    JOIN document_references ON document_references.post = posts.id
    JOIN documents ON documents.version = document_references.version
    GROUP BY posts.id
    """,
)

STATEMENTS = (
    *(_PAYLOADS, _DOCUMENTS, _DOCUMENT_VERSIONS, _DOCUMENT_REFERENCES, _RESOLUTIONS),
    *(_POSTS, _CAPTURES, _EMBEDS, _MEDIA, _POST_MEDIA, _CODES, _HOSTS, _RUNS),
    *_INDEXES,
    *_SEARCH,
    *_APPEND_ONLY,
    *_VIEWS,
)
