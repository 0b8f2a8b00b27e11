"""A document as forms see it: its tokens and its visible text, mapped back to the source. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from .models import Document, Reference, Span


class Projection:
    """Visible text of which every character knows its place in the document's text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def source(self, start: int, end: int) -> Span:
        """The hull, in the document's text, of visible characters `start` to `end`."""
        return Span(start, end)


class Page:
    """A document and its costly views, each made once and only when a form asks for it."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def visible(self) -> Projection:
        """The visible text: of HTML without markup, of all else the text itself."""
        return Projection(self.document.text)


class Form(Protocol):
    """How a reference is written: one notation, one file of the shelf `forms/`."""

    name: str
    """Like the file."""
    literals: tuple[bytes, ...]
    """ASCII byte strings of which one at least occurs (ignoring case) wherever the form does."""

    def find(self, page: Page) -> Iterable[Reference]:
        """References in document order; spans index `page.document.text`."""
