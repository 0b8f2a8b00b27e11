"""HTML text → tags, texts and comments with their exact places, in linear time. Builds no tree.

The states of the WHATWG tokenizer, driven by regular expressions that never go back: every
quantifier that could is possessive. It never changes the text, so it never normalises line ends
or NUL; `decode` does where a value is asked for. Where a tree builder would switch the tokenizer
(script, style, title, ...), it switches itself.
"""

from __future__ import annotations

from .inside import (
    Attribute,
    attribute_values,
    attributes,
    comment_span,
    find_href,
    is_self_closing,
)
from .references import REFERENCE, decode, resolve_reference
from .states import DATA, PLAINTEXT, SCRIPT_DATA, tokenize
from .tokens import COMMENT, DOCTYPE, END, RAWTEXT, RCDATA, START, TEXT, Token, Tokens

__all__ = [
    "COMMENT",
    "DATA",
    "DOCTYPE",
    "END",
    "PLAINTEXT",
    "RAWTEXT",
    "RCDATA",
    "REFERENCE",
    "SCRIPT_DATA",
    "START",
    "TEXT",
    "Attribute",
    "Token",
    "Tokens",
    "attribute_values",
    "attributes",
    "comment_span",
    "decode",
    "find_href",
    "is_self_closing",
    "resolve_reference",
    "tokenize",
]
