"""A document → what is found in it, and in its main text beside it where that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .article_text import article_text
from .errors import InputError
from .models import Document, Reading, Reference
from .scan import scan
from .texts import normalise


def find(document: Document, reading: Reading) -> Iterator[tuple[Document, list[Reference]]]:
    """A document with its references; with `article_text` then a page's main text with its own.

    Of those only the ones that the page itself does not tell: what stands in both is told once, at
    its place in the page. Raises UsageError where the main text cannot be extracted at all.
    """
    references = scan(document)
    yield document, references
    if not reading.article_text or document.media_type != "text/html":
        return
    try:
        main = article_text(document)
    except InputError as error:
        reading.on_bad(error)
        return
    if main is not None:
        yield main, [found for found in scan(main) if not _is_among(found, references)]


def _is_among(reference: Reference, others: Sequence[Reference]) -> bool:
    return any(_are_one(reference, other) for other in others)


def _are_one(one: Reference, other: Reference) -> bool:
    """Whether two references in two forms of one article are the same mention of a post."""
    ours, its = one.claim, other.claim
    if ours.network != its.network:
        return False
    if ours.post_id and its.post_id:
        return ours.post_id == its.post_id
    if set(ours.codes) & set(its.codes):
        return True
    if ours.handle and its.handle and ours.date and its.date:
        return (ours.handle.lower(), ours.date) == (its.handle.lower(), its.date)
    return bool(ours.text and its.text) and normalise(ours.text or "") == normalise(its.text or "")
