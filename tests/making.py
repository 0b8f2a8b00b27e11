"""Values that many tests need, made from little."""

from __future__ import annotations

from hashlib import sha256

from embedarchive.models import Document


def make_document(
    content: str, media_type: str = "text/plain", uri: str = "article.txt"
) -> Document:
    """A document of `content` as UTF-8, as if it had been read from `uri`."""
    raw = content.encode()
    return Document(
        uri=uri,
        media_type=media_type,
        encoding="utf-8",
        content=raw,
        text=content,
        digest=f"sha256:{sha256(raw).hexdigest()}",
    )
