"""Web pages as saved or served."""

from __future__ import annotations

from ._whole import WholeFile

READER = WholeFile(
    "html",
    frozenset({".html", ".htm", ".xhtml", ".shtml"}),
    "text/html",
    frozenset({"application/xhtml+xml"}),
)
