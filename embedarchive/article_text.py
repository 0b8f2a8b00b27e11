"""An HTML page → its main text, as a document of its own. Needs the extra `article-text`.

The text is trafilatura's. It is another text than the page's, so it has spans of its own and a
name of its own: `PAGE#article-text`, and `FILE#KEY/article-text` for a page inside a file.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace

from .errors import InputError, UsageError
from .models import Document, Origin
from .tokenizer import START, attributes, tokenize

MAX_CHARACTERS = 4_000_000
"""Of a page that is extracted from; it takes about a second for each million."""
_LONG_TAG = 4096
_MAX_ATTRIBUTES = 200
"""Of one tag: libxml2 compares each with all before it, so 80,000 take a quarter of a minute."""


def extractor() -> Callable[..., str | None]:
    """trafilatura's `extract`; raises UsageError where it is not installed."""
    try:
        from trafilatura import extract  # noqa: PLC0415  # an extra, which takes long to import
    except ImportError:
        raise UsageError(
            "--article-text needs trafilatura: pip install 'embedarchive[article-text]'"
        ) from None
    # What it cannot read it tells the log; here the answer is that there is no text.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return extract


def article_text(page: Document) -> Document | None:
    """The main text of an HTML page; None where there is none.

    Raises InputError for a page that is not safe to extract from, UsageError as `extractor`.
    """
    _refuse_unsafe(page)
    text = extractor()(page.text, include_comments=False)
    if not text:
        return None
    content = text.encode("utf-8", "replace")
    return replace(
        page,
        uri=page.uri + ("/" if page.origin else "#") + "article-text",
        media_type="text/plain",
        encoding="utf-8",
        content=content,
        text=content.decode(),
        digest="sha256:" + hashlib.sha256(content).hexdigest(),
        bom=0,
        damage=(),
        origin=page.origin or Origin(page.uri),
    )


def _refuse_unsafe(page: Document) -> None:
    if len(page.text) > MAX_CHARACTERS:
        raise InputError(f"{page.uri}: too large to extract its main text", uri=page.uri)
    for token in tokenize(page.text):
        if token.kind == START and token.end - token.start > _LONG_TAG:
            count = sum(1 for _ in attributes(page.text, token))
            if count > _MAX_ATTRIBUTES:
                reason = f"a tag with {count} attributes; its main text is not extracted"
                raise InputError(f"{page.uri}: {reason}", uri=page.uri)
