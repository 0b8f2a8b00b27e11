"""Markdown and its relatives with front matter, shortcodes and components."""

from __future__ import annotations

from ._whole import WholeFile

READER = WholeFile(
    "markdown",
    frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".rst", ".wiki"}),
    "text/markdown",
    frozenset({"text/x-markdown"}),
)
