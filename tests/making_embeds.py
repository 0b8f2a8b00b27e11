"""Posts, articles and an archive in memory, invented for the tests of rendering."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType

from embedarchive.models import (
    Alternative,
    ArticleRecord,
    AttachedArticle,
    Author,
    Capture,
    Claim,
    CommunityNote,
    Counts,
    EditHistory,
    Embed,
    Entity,
    Kind,
    Level,
    LinkCard,
    Media,
    MediaFile,
    MediaVariant,
    Outcome,
    Payload,
    Poll,
    PollChoice,
    PostRecord,
    Reference,
    Resolution,
    Snapshot,
    Span,
    StoredReference,
    Target,
)

from .filling import filled
from .making import make_document

ASKED = datetime(2024, 5, 3, 10, 11, 12, tzinfo=UTC)
ID = "1404112233445566778"
AUTHOR = Author("ada_quill", "Ada Quill", "77")


def picture(seed: int, width: int = 48, height: int = 32) -> bytes:
    """A small PNG with a gradient of its own."""
    seed %= 4
    rows = b"".join(
        b"\0"
        + bytes(
            channel
            for x in range(width)
            for channel in (
                60 + 25 * seed + 60 * y // height,
                110 + 50 * x // width - 8 * seed,
                150 - 40 * y // height + 10 * seed,
            )
        )
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def make_embed(text: str = "A quiet day at the harbour.", **values: object) -> Embed:
    """An embed of Ada's; any field can be given."""
    made = {
        "target": Target("x", ID),
        "author": AUTHOR,
        "created_at": datetime(2021, 6, 13, 16, 25, tzinfo=UTC),
        "lang": "en",
    }
    return Embed(text=text, **{**made, **values})  # type: ignore[arg-type]


def link(
    text: str, slice_: str, kind: str, label: str | None = None, url: str | None = None
) -> Entity:
    """The entity over the first occurrence of `slice_`."""
    start = text.index(slice_)
    return Entity(start, start + len(slice_), kind, label or slice_, url)


def make_capture(
    embed: Embed | None,
    outcome: Outcome = Outcome.AVAILABLE,
    *,
    number: int = 1,
    backend: str = "syndication",
    reason: str | None = None,
    target: Target | None = None,
    body: bytes | None = None,
) -> Snapshot:
    """Visit `number`, a month after the one before."""
    body = f"answer {number}".encode() if body is None else body
    target = target or (embed.target if embed else Target("x", ID))
    digest = f"sha256:{sha256(body).hexdigest()}"
    url = (
        "https://web.archive.org/web/20210614093000id_/https://x.com/i/status/1"
        if backend == "wayback"
        else ""
    )
    payload = Payload(digest, body, url or "https://cdn.syndication.example/", 200, {})
    at = ASKED + timedelta(days=31 * (number - 1))
    return Snapshot(number, Capture(target, backend, outcome, at, payload, embed, reason))


def make_reference(
    claim: Claim,
    raw: str = "raw",
    *,
    number: int = 17,
    resolution: Resolution | None = None,
    refusals: tuple[Resolution, ...] = (),
    uri: str = "article.txt",
    kind: Kind = Kind.EMBED,
    start: int = 0,
    parts: tuple[Span, ...] = (),
    post_key: str = "",
) -> StoredReference:
    """A stored reference to what `claim` says."""
    reference = Reference(start, start + len(raw), raw, "flattened", kind, claim, parts=parts)
    resolution = resolution or Resolution("claim", Level.CLAIMED, None)
    return StoredReference(number, uri, reference, resolution, refusals, post_key)


CLAIM = Claim(
    handle="ada_quill",
    name="Ada Quill",
    date=date(2021, 6, 13),
    text="A quiet day at the harbour.",
)


def make_record(
    embed: Embed | None = None,
    *,
    level: Level | None = None,
    claim: Claim | None = CLAIM,
    visits: tuple[Snapshot, ...] | None = None,
    media: Mapping[str, MediaFile] | None = None,
    **values: object,
) -> PostRecord:
    """A post as the archive knows it: captured where an embed is given, else a stub."""
    snapshot = make_capture(embed) if embed else None
    target = embed.target if embed else None
    level = level or (Level.VERIFIED if embed else Level.CLAIMED)
    rule = "capture" if embed else "claim"
    key = f"x-{target.post_id}" if target else "claim-17"
    resolution = Resolution(rule, level, target)
    references = ()
    if claim:
        references = (make_reference(claim, resolution=resolution, post_key=key),)
    made = PostRecord(
        key=key,
        target=target,
        level=level,
        references=references,
        snapshot=snapshot,
        visits=visits if visits is not None else ((snapshot,) if snapshot else ()),
        media=media or {},
    )
    return replace(made, **values)  # type: ignore[arg-type]


@dataclass
class MemoryArchive:
    """What a site asks of an archive, held in memory."""

    records: list[PostRecord] = field(default_factory=list)
    documents: list[ArticleRecord] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def posts(self) -> Iterator[PostRecord]:
        return iter(self.records)

    def post(self, key: str) -> PostRecord | None:
        return next((record for record in self.records if record.key == key), None)

    def articles(self) -> Iterator[ArticleRecord]:
        return iter(self.documents)

    def media_content(self, sha256: str) -> bytes:
        return self.contents[sha256]

    def add_media(self, content: bytes, content_type: str = "image/png") -> MediaFile:
        digest = sha256(content).hexdigest()
        self.contents[digest] = content
        return MediaFile(digest, content_type, len(content))


def make_article_record(
    text: str,
    references: tuple[StoredReference, ...] = (),
    *,
    media_type: str = "text/plain",
    uri: str = "article.txt",
) -> ArticleRecord:
    """An article first seen when the posts were asked for."""
    return ArticleRecord(5, make_document(text, media_type, uri), references, ASKED, ASKED)


def refer(text: str, raw: str, record: PostRecord, **values: object) -> StoredReference:
    """A reference to `record` where `raw` stands in an article's text."""
    told = record.references[0] if record.references else None
    values.setdefault("resolution", told.resolution if told else None)
    claim = told.reference.claim if told else CLAIM
    return make_reference(
        claim,
        raw,
        start=text.index(raw),
        post_key=record.key,
        **values,  # type: ignore[arg-type]
    )


def whole_embed(depth: int = 2, told: Mapping[str, object] = MappingProxyType({})) -> Embed:
    """An embed with every field filled, quoted posts and parents `depth` deep.

    `told` says otherwise of some fields, as `filling.filled` takes them.
    """
    made: Embed = filled(Embed, {**_WHOLE, **told}, depth=depth)
    return made


_WHOLE_TEXT = {
    "text": "See here or there",
    "entities": (
        Entity(4, 8, "url", "here", "https://example.org/here", "AbCdEfGh12"),
        Entity(12, 17, "mention", "there", "https://x.com/there", "AbCdEfGh13"),
    ),
}
_WHOLE = {
    "Target.network": "x",
    "Target.post_id": ID,
    "Author.handle": "ada_quill",
    "Author.avatar_shape": "square",
    "Author.verified": "government",
    "avatar_url": "https://pbs.example/avatar.png",
    "label_url": "https://x.com/cityofsalt",
    "label_badge_url": "https://pbs.example/badge.png",
    "Media.type": "video",
    "Media.url": "https://pbs.example/media.png",
    "Media.availability": "available",
    "page_url": "https://x.com/pier_cam/status/14/photo/1",
    "MediaVariant.url": "https://video.example/a.mp4",
    "image_url": "https://pbs.example/card.png",
    "url": "https://example.org/elsewhere",
    "EditHistory.post_ids": ("1404112233445566770", ID),
    "quote_url": "https://x.com/i/status/1404000000000000001",
    "repost_url": "https://x.com/i/status/1404000000000000002",
    "reply_to_handle": "harbour_log",
    "reply_to_id": "1404000000000000009",
    "thread_id": "1404000000000000008",
    "withheld_in": ("DE", "XY"),
    "lang": "ar",
    "direction": "rtl",
    **{
        f"{kind}.{name}": v
        for kind in ("Embed", "CommunityNote")
        for name, v in _WHOLE_TEXT.items()
    },
}


# --- one record per feature ----------------------------------------------------------------------


def features() -> tuple[dict[str, PostRecord], MemoryArchive]:
    """One post for each thing a card can show, and the archive that holds their media."""
    archive = MemoryArchive()
    photos = [archive.add_media(picture(n, 480, 320)) for n in range(4)]
    avatar = archive.add_media(picture(9, 96, 96))
    film = archive.add_media(b"\0\0\0\x18ftypmp42 not a real film", "video/mp4")
    urls = [f"https://pbs.example/media/{n}.png" for n in range(4)]
    stored = dict(zip(urls, photos, strict=True))
    media = [
        Media("photo", url, f"Boats, seen from pier {n}", 480, 320) for n, url in enumerate(urls)
    ]
    video = Media(
        "video",
        urls[0],
        "A crane lifts a bell",
        1280,
        720,
        42_500,
        (MediaVariant("https://video.example/a.mp4", "video/mp4", 800),),
        views=90210,
        title="The lift",
        description="Filmed from the quay",
    )
    filmed = {**stored, "https://video.example/a.mp4": film}
    text = "Thanks @harbour_log, all of it: example.org/log #tides #tidesout $SALT & <b>more</b>"
    entities = (
        link(text, "@harbour_log", "mention", url="https://x.com/harbour_log"),
        link(text, "example.org/log", "url", url="https://example.org/log?a=1&b=2"),
        link(text, "#tides", "hashtag", url="https://x.com/hashtag/tides"),
        link(text, "#tidesout", "hashtag", url="https://x.com/hashtag/tidesout"),
        link(text, "$SALT", "cashtag", url="https://x.com/search?q=%24SALT"),
    )
    quoted = make_embed(
        "The bell of 1871 is back.",
        target=Target("x", "1404000000000000001"),
        author=Author("bell_society", "The Bell Society", verified="government"),
    )
    official = Author(
        "port_office",
        "Port Office",
        avatar_url="https://pbs.example/avatar.png",
        avatar_shape="square",
        verified="government",
        label="City of Salt",
        label_url="https://x.com/cityofsalt",
        label_badge_url="https://pbs.example/media/0.png",
        protected=True,
    )
    gone = make_capture(None, Outcome.DELETED, number=3, reason="This Post was deleted.")
    note_text = "The bell was cast in 1873. See example.org/bell for the record."
    made = {
        "plain": make_record(make_embed()),
        "author": make_record(
            make_embed(author=official), media={**stored, "https://pbs.example/avatar.png": avatar}
        ),
        "entities": make_record(make_embed(text, entities=entities)),
        "reply": make_record(
            make_embed(
                reply_to_handle="harbour_log",
                reply_to_id="1404000000000000009",
                thread_id="1404000000000000008",
                parent=make_embed("Any news?", author=Author("harbour_log", "Harbour Log")),
            )
        ),
        "reply_to_a_quote": make_record(
            make_embed(
                parent=make_embed(
                    "Look who rings again",
                    target=Target("x", "1404000000000000009"),
                    author=Author("harbour_log", "Harbour Log"),
                    quote=quoted,
                )
            )
        ),
        "one_photo": make_record(make_embed(media=tuple(media[:1])), media=stored),
        "archived_photo": make_record(
            make_embed(
                media=tuple(media[:1]),
                author=Author(
                    "ada_quill", "Ada Quill", avatar_url="https://pbs.example/avatar.png"
                ),
                card=LinkCard("summary", title="The tide tables", image_url=urls[2]),
            ),
            media={
                urls[0]: replace(
                    photos[0],
                    memento=f"https://web.archive.org/web/20200131235959id_/{urls[0]}?name=large",
                ),
                urls[2]: replace(photos[2], memento="javascript:alert(1)"),
                "https://pbs.example/avatar.png": replace(
                    avatar,
                    memento="https://web.archive.org/web/20191301000000id_/https://a.example",
                ),
            },
        ),
        "two_photos": make_record(make_embed(media=tuple(media[:2])), media=stored),
        "mixed": make_record(make_embed(media=(video, *media[1:3])), media=filmed),
        "four_photos": make_record(
            make_embed(media=(replace(media[0], alt=None), *media[1:])), media=stored
        ),
        "photo_not_stored": make_record(make_embed(media=tuple(media[:1]))),
        "media_unavailable": make_record(
            make_embed(media=(replace(media[0], availability="dmcaed"),))
        ),
        "video": make_record(make_embed(media=(video,)), media=filmed),
        "gif": make_record(
            make_embed(media=(replace(video, type="gif", duration_ms=None, views=None),)),
            media=filmed,
        ),
        "video_not_stored": make_record(make_embed(media=(video,)), media=stored),
        "shared_media": make_record(
            make_embed(
                media=(replace(media[0], page_url="https://x.com/pier_cam/status/14/photo/1"),)
            ),
            media=stored,
        ),
        "sensitive": make_record(
            make_embed(media=tuple(media[:1]), is_sensitive=True), media=stored
        ),
        "quote": make_record(make_embed("Look who rings again", quote=quoted)),
        "quote_not_held": make_record(
            make_embed(quote_url="https://x.com/bell_society/status/1404000000000000001")
        ),
        "repost": make_record(make_embed("RT @bell_society: The bell of 1871 is…", repost=quoted)),
        "repost_not_held": make_record(
            make_embed(
                "RT @bell_society: The bell",
                repost_url="https://x.com/i/status/1404000000000000001",
            )
        ),
        "quote_refused": make_record(
            make_embed(
                quote_reason="This Post is from a suspended account.",
                reply_to_handle="harbour_log",
                parent_reason="This Post was deleted by the Post author.",
            )
        ),
        "article": make_record(
            make_embed(
                "",
                article=AttachedArticle(
                    "How the bell came home",
                    "It lay in a barn for a hundred and fifty years & nobody asked.",
                    urls[1],
                    480,
                    320,
                ),
            ),
            media=stored,
        ),
        "poll": make_record(
            make_embed(
                "Which bell?",
                poll=Poll(
                    (PollChoice("Yes", 1203), PollChoice("Yes", 1357), PollChoice("Neither", 0)),
                    datetime(2021, 6, 14, 16, 25, tzinfo=UTC),
                ),
            )
        ),
        "poll_final": make_record(
            make_embed("Which?", poll=Poll((PollChoice("A", 0), PollChoice("B", 0)), None, True))
        ),
        "poll_uncounted": make_record(
            make_embed(
                "Which?", poll=Poll((PollChoice("A"), PollChoice("B")), duration_minutes=1440)
            )
        ),
        "link_card": make_record(
            make_embed(
                "Worth a read",
                card=LinkCard(
                    "summary_large_image",
                    "https://example.org/bell",
                    "The bell that came back",
                    "How a town found its bell in a neighbour's barn.",
                    "example.org",
                    urls[1],
                    "A bell on a cart",
                    480,
                    320,
                ),
            ),
            media=stored,
        ),
        "community_note": make_record(
            make_embed(
                note=CommunityNote(
                    note_text,
                    "Readers added context",
                    "https://x.com/i/birdwatch/n/1",
                    (link(note_text, "example.org/bell", "url", url="https://example.org/bell"),),
                )
            )
        ),
        "edited": make_record(
            make_embed(edits=EditHistory((ID, "1404112299445566778"), True, True))
        ),
        "truncated": make_record(make_embed("It began with a long story…", is_truncated=True)),
        "place": make_record(make_embed(place="Salt Harbour", source_app="Quill for Boats")),
        "withheld": make_record(make_embed(withheld_in=("DE", "XY"))),
        "counts": make_record(make_embed(counts=Counts(999950, 1, 20, 3, 4, 5_000_000))),
        "oembed_day": make_record(
            make_embed(target=Target("x", "20"), created_at=None, created_on=date(2006, 3, 21))
        ),
        "rtl": make_record(
            make_embed(
                "صباح الخير من الميناء، الجرس عاد إلى مكانه.",
                lang="ar",
                direction="rtl",
                author=Author("mina_news", "أخبار الميناء"),
            )
        ),
        "cjk": make_record(
            make_embed(
                "港の鐘が戻ってきました。朝の霧の中で、\n百五十年ぶりに鳴ります。",
                lang="ja",
                author=Author("minato_kane", "港の鐘"),
            )
        ),
        "emoji": make_record(
            make_embed("🔔🌫️⚓ 👩🏽‍🚒 3… 2… 1…\n\n🎉", author=Author("ring", "Ring 🔔 Ring"))
        ),
        "gone": make_record(
            make_embed(),
            visits=(
                make_capture(make_embed()),
                make_capture(make_embed(), number=2, body=b"answer 1"),
                gone,
                make_capture(None, Outcome.UNKNOWN, number=4),
            ),
        ),
        "from_archive": make_record(
            make_embed(), snapshot=make_capture(make_embed(), backend="wayback")
        ),
        "disputed": _disputed(),
        "observed": make_record(make_embed(), level=Level.OBSERVED),
        "stub": _stub(),
        "stub_matched": _matched(),
        "stub_without_text": make_record(claim=replace(CLAIM, text=None)),
        "stub_gone": make_record(
            claim=replace(CLAIM, post_id=ID),
            target=Target("x", ID),
            key=f"x-{ID}",
            level=Level.MATCHED,
            visits=(make_capture(None, Outcome.SUSPENDED),),
        ),
        "taken_down": _taken_down(),
        "taken_down_gone": _taken_down(make_capture(None, Outcome.DELETED, number=3)),
    }
    for number in range(11):
        outcome = list(Outcome)[number]
        if outcome is not Outcome.AVAILABLE:
            visits = (make_capture(make_embed()), make_capture(None, outcome, number=2))
            made[f"outcome_{outcome.value}"] = make_record(make_embed(), visits=visits)
    return made, archive


def _disputed() -> PostRecord:
    claim = replace(
        CLAIM, handle="ada_quil", date=date(2021, 6, 11), text="A loud day at the harbour"
    )
    difference = [
        {"op": "equal", "text": "A"},
        {"op": "delete", "text": "loud"},
        {"op": "insert", "text": "quiet"},
        {"op": "equal", "text": "day at the harbour"},
        {"op": "insert", "text": "."},
    ]
    resolution = Resolution("capture", Level.DISPUTED, Target("x", ID), {"difference": difference})
    record = make_record(make_embed(), level=Level.DISPUTED, claim=claim)
    return replace(record, references=(make_reference(claim, resolution=resolution),))


def _taken_down(*later: Snapshot) -> PostRecord:
    """As the archive gives it: what was seen is no longer there, that it was seen is."""
    seen = make_capture(None, Outcome.AVAILABLE, body=b"")
    record = make_record(make_embed(), visits=(seen, *later), snapshot=None)
    return replace(record, forgotten_at=ASKED + timedelta(days=31))


def _stub() -> PostRecord:
    text = "The bell is back.\nLook: pic.twitter.com/Ab3dE6gH9j"
    claim = replace(
        CLAIM,
        text=text,
        codes=("Ab3dE6gH9j",),
        confidence=0.71,
        alternatives=(Alternative(0, 9, "Harbour news\nThe bell is back.", 0.2),),
    )
    refusal = Resolution(
        "code_join",
        Level.CLAIMED,
        None,
        {"candidate": "x:1404999999999999999"},
        "its id is of 20 June 2021, the article prints 13 June 2021",
    )
    return make_record(references=(make_reference(claim, refusals=(refusal,)),))


def _matched() -> PostRecord:
    resolution = Resolution("code_join", Level.MATCHED, Target("x", ID))
    return make_record(
        key=f"x-{ID}",
        level=Level.MATCHED,
        target=Target("x", ID),
        references=(make_reference(CLAIM, resolution=resolution),),
    )
