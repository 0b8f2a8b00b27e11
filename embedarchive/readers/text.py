"""Plain text, as text extractors leave it."""

from __future__ import annotations

from ._whole import WholeFile

READER = WholeFile("text", frozenset({".txt", ".text"}), "text/plain")
