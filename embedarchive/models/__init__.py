"""The values that travel through the pipeline, and the small protocols between its parts. Pure.

source → Document → Reference (with its Claim) → Resolution (→ Target) → Capture (with its Embed)
→ Snapshot → page. All are frozen; times are aware UTC; ids are strings, always.
"""

from __future__ import annotations

from ..terms import Kind, Level, Outcome
from .captures import Capture, Payload, Refused, Response, Snapshot, StoredMedia, Unfinished
from .claims import (
    Alternative,
    Claim,
    CodeOwner,
    Correction,
    Damage,
    Document,
    KnownClaim,
    Origin,
    Reference,
    Resolution,
    Span,
    Target,
)
from .embeds import (
    AttachedArticle,
    Author,
    CommunityNote,
    Counts,
    EditHistory,
    Embed,
    Entity,
    LinkCard,
    Media,
    MediaVariant,
    Poll,
    PollChoice,
)
from .protocols import (
    Answer,
    AsksMany,
    Backend,
    Fetcher,
    HostState,
    HostStates,
    Index,
    Memory,
    Network,
    PostUrl,
    Resolver,
)
from .reading import Needs, Reader, Reading, Source
from .records import ArticleRecord, MediaFile, PostRecord, StoredReference

__all__ = [
    "Alternative",
    "Answer",
    "ArticleRecord",
    "AsksMany",
    "AttachedArticle",
    "Author",
    "Backend",
    "Capture",
    "Claim",
    "CodeOwner",
    "CommunityNote",
    "Correction",
    "Counts",
    "Damage",
    "Document",
    "EditHistory",
    "Embed",
    "Entity",
    "Fetcher",
    "HostState",
    "HostStates",
    "Index",
    "Kind",
    "KnownClaim",
    "Level",
    "LinkCard",
    "Media",
    "MediaFile",
    "MediaVariant",
    "Memory",
    "Needs",
    "Network",
    "Origin",
    "Outcome",
    "Payload",
    "Poll",
    "PollChoice",
    "PostRecord",
    "PostUrl",
    "Reader",
    "Reading",
    "Reference",
    "Refused",
    "Resolution",
    "Resolver",
    "Response",
    "Snapshot",
    "Source",
    "Span",
    "StoredMedia",
    "StoredReference",
    "Target",
    "Unfinished",
]
