"""A document as forms see it: its tags, links and visible text, mapped back to the source. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from ..models import Document, Reference
from ..tokenizer import Tokens
from .escapes import unescaped, without_backslashes, without_references
from .mapping import Projection, Writer
from .markup import Link, Markup

__all__ = [
    "Form",
    "Link",
    "Markup",
    "Page",
    "Projection",
    "Writer",
    "unescaped",
    "without_backslashes",
    "without_references",
]


class Page:
    """A document and its costly views, each made once and only when a form asks for it."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def markup(self) -> Markup:
        """The text read as HTML; Markdown and plain text hold pieces of it."""
        is_html = self.document.media_type == "text/html"
        return Markup(self.document.text, is_lenient=not is_html)

    @property
    def tokens(self) -> Tokens:
        """The document's tokens, in order."""
        return self.markup.tokens

    @property
    def links(self) -> list[Link]:
        """The `<a href>` elements, in order."""
        return self.markup.links

    @property
    def words(self) -> str:
        """The visible text and perhaps more, with more blanks: cheap, to see whether to go on."""
        if self.document.media_type != "text/html":
            return self.document.text
        return self.markup.words

    @cached_property
    def visible(self) -> Projection:
        """The visible text: of HTML without markup, of all else the text itself."""
        if self.document.media_type != "text/html":
            return Projection(self.document.text)
        return self.markup.visible()


class Form(Protocol):
    """How a reference is written: one notation, one file of the shelf `forms/`.

    It may also have `marks`: ASCII bytes that all occur wherever the form does. And `patterns`,
    of which one occurs, and `companions`, which all do: regular expressions in the notation of
    `embedarchive.patterns`, sharper than the literals, so that raw bytes need no reading where
    none of them is. Without them the literals are the patterns. With `in_order` the pattern begins
    behind a companion.
    """

    name: str
    """Like the file."""
    literals: tuple[bytes, ...]
    """ASCII byte strings of which one at least occurs (ignoring case) wherever the form does."""

    def find(self, page: Page) -> Iterable[Reference]:
        """References in document order; spans index `page.document.text`."""
