"""Where in a larger file an article that is a record of it stands."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE document_versions ADD COLUMN record_file TEXT",
    "ALTER TABLE document_versions ADD COLUMN record_row INTEGER",
    "ALTER TABLE document_versions ADD COLUMN record_offset INTEGER",
    "ALTER TABLE document_versions ADD COLUMN record_url TEXT",
)
