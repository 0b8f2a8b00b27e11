"""What the archive holds, as the pages show it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..terms import Level, Outcome
from .captures import Snapshot
from .claims import Correction, Document, Reference, Resolution, Span, Target


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A stored media file without its bytes."""

    sha256: str
    content_type: str
    size: int
    """Bytes."""
    memento: str | None = None
    """The address of a web archive's copy that it is; None where it came from its own host."""


@dataclass(frozen=True, slots=True)
class StoredReference:
    """A reference as it lies in the archive, with the best resolution so far."""

    id: int
    uri: str
    """Of its document."""
    reference: Reference
    resolution: Resolution
    """The one in force; level `claimed` and rule `claim` where nothing more is known."""
    refusals: tuple[Resolution, ...] = ()
    post_key: str = ""
    """Of the `PostRecord` it belongs to."""
    correction: Correction | None = None
    """By the resolution in force."""

    @property
    def places(self) -> tuple[Span, ...]:
        """Where the post stands in its document, as well as is known; in order."""
        if self.correction is not None:
            return (Span(self.correction.start, self.correction.end),)
        return self.reference.parts or (Span(self.reference.start, self.reference.end),)


@dataclass(frozen=True, slots=True)
class PostRecord:
    """All that the archive knows of one post; a stub where nothing captured of it is held."""

    key: str
    """`x-123` for a known post, `claim-17` for reference 17 of an unknown one; safe in paths."""
    target: Target | None
    level: Level
    references: tuple[StoredReference, ...]
    """Oldest first; never empty for a stub."""
    snapshot: Snapshot | None
    """The last good capture, its embed completed by what other backends tell of the same text."""
    visits: tuple[Snapshot, ...] = ()
    """Every capture, oldest first: the timemap."""
    media: Mapping[str, MediaFile] = field(default_factory=dict)
    """The service's media URL → the stored file."""
    gaps: Mapping[Target, Outcome] = field(default_factory=dict)
    """Posts that it quotes or answers, that were asked for and are not held: what came of it."""
    told_by: Mapping[str, str] = field(default_factory=dict)
    """Part of the snapshot's embed → the backend that told it, where that is another one."""
    forgotten_at: datetime | None = None
    """When it was taken down from this archive; its visits are then without content."""

    @property
    def fullest(self) -> StoredReference | None:
        """The reference that says most of the post: the first that has its words, or the first."""
        with_words = (one for one in self.references if one.reference.claim.text)
        return next(with_words, self.references[0] if self.references else None)


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """The newest version of a document with its references, in order."""

    version_id: int
    document: Document
    references: tuple[StoredReference, ...]
    first_seen: datetime
    last_seen: datetime
