"""Rows of the archive ↔ values of the models. Pure; the only place where columns have names."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from ..codec import from_json, storable, storable_or_none, to_json
from ..errors import FixityError
from ..models import (
    Alternative,
    Capture,
    Claim,
    Correction,
    Damage,
    Document,
    Embed,
    Kind,
    Level,
    Origin,
    Outcome,
    Payload,
    Reference,
    Resolution,
    Snapshot,
    Span,
    Target,
)

_SAFE_NETWORK = re.compile(r"[a-z][0-9a-z]{0,19}")
_SAFE_ID = re.compile(r"[0-9a-z]{1,40}(?:\.[0-9a-z]{1,40})?")
_NOT_A_POST = frozenset({Kind.CREDIT, Kind.OTHER})
"""The queries say it too."""

ONLY_CLAIMED = Resolution("claim", Level.CLAIMED, None)
"""What is in force where nothing more is known."""


def post_key(target: Target) -> str:
    """The post's name in paths and on the command line: `x-123`; a digest for an unsafe id."""
    network, name = target.network, target.post_id
    if not (_SAFE_ID.fullmatch(name) and _SAFE_NETWORK.fullmatch(network)):
        name = hashlib.sha256(str(target).encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return f"{network if _SAFE_NETWORK.fullmatch(network) else 'post'}-{name}"


def stub_key(reference_id: int) -> str:
    """The name of a post that nobody has identified yet: `claim-17`."""
    return f"claim-{reference_id}"


# --- text, times, bytes ------------------------------------------------------------------------


def to_stamp(moment: datetime | None) -> str | None:
    """A time as UTC text of one width, so that text order is time order."""
    if moment is None:
        return None
    there = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{there.isoformat(timespec='microseconds').removesuffix('+00:00')}Z"


def from_stamp(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def from_stamp_or_none(stamp: str | None) -> datetime | None:
    return None if stamp is None else from_stamp(stamp)


_SMALL = 8192
"""Bytes."""


def squeeze(body: bytes) -> tuple[str, bytes]:
    """The name of the compression and the bytes to keep: compressed only where that is smaller."""
    # A full-size window costs five times what it takes to pack a small body into it.
    window, memory = (12, 5) if len(body) < _SMALL else (zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL)
    packer = zlib.compressobj(wbits=window, memLevel=memory)
    packed = packer.compress(body) + packer.flush()
    return ("zlib", packed) if len(packed) < len(body) else ("none", body)


def unsqueeze(compression: str, body: bytes, digest: str) -> bytes:
    """The bytes as received; raises FixityError where they no longer unpack."""
    if compression == "none":
        return body
    try:
        return zlib.decompress(body)
    except zlib.error as exc:
        raise FixityError(f"{digest}: the stored bytes are damaged ({exc})") from exc


# --- documents ---------------------------------------------------------------------------------


def odd_text(document: Document) -> bytes | None:
    """The text to keep beside the bytes: none where they decode to it cleanly."""
    try:
        if document.content[document.bom :].decode(document.encoding) == document.text:
            return None
    except (UnicodeDecodeError, LookupError):
        pass
    return zlib.compress(document.text.encode("utf-8", "surrogatepass"))


def origin_values(origin: Origin | None) -> tuple[object, ...]:
    """The four columns of where a record stands."""
    if origin is None:
        return (None,) * 4
    url = storable_or_none(origin.url)
    return (storable(origin.file), origin.row, origin.offset, url)


def _to_origin(row: Any) -> Origin | None:
    if row["record_file"] is None:
        return None
    columns = ("record_file", "record_row", "record_offset", "record_url")
    return Origin(*(row[column] for column in columns))


def to_document(row: Any) -> Document:
    """A row with `uri`, the version's columns and its payload's → the document."""
    content = to_body(row)
    if row["odd_text"] is None:
        text = content[row["bom"] :].decode(row["encoding"], "replace")
    else:
        kept = unsqueeze("zlib", row["odd_text"], row["digest"])
        text = kept.decode("utf-8", "surrogatepass")
    return Document(
        uri=row["uri"],
        media_type=row["media_type"],
        encoding=row["encoding"],
        content=content,
        text=text,
        digest=row["digest"],
        bom=row["bom"],
        damage=from_json(tuple[Damage, ...], row["damage"]),
        published_at=from_stamp_or_none(row["published_at"]),
        origin=_to_origin(row),
    )


def to_body(row: Any) -> bytes:
    """The bytes of a row with a payload's columns; empty where they were forgotten."""
    if row["body"] is None:
        return b""
    return unsqueeze(row["compression"], row["body"], row["digest"])


def to_payload(row: Any, body: bytes) -> Payload:
    """What a service answered, from a row that tells the circumstances."""
    return Payload(
        digest=row["payload"],
        body=body,
        url=row["url"],
        status=row["http_status"],
        headers=from_json(Mapping[str, str], row["headers"]),  # type: ignore[type-abstract]  # as below
    )


# --- references --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Details:
    """The parts of a reference and its claim that nobody joins or sorts by."""

    parts: tuple[Span, ...] = ()
    codes: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    date_tolerance: int = 0
    flags: tuple[str, ...] = ()


def reference_values(reference: Reference) -> tuple[object, ...]:
    """A reference as the values of its columns, `span_start` to `fingerprint`."""
    claim = reference.claim
    text_start, text_end = claim.text_span or (None, None)
    details = _Details(
        reference.parts, claim.codes, claim.alternatives, claim.date_tolerance, claim.flags
    )
    return (
        reference.start,
        reference.end,
        storable(reference.raw),
        reference.form,
        reference.kind.value,
        storable_or_none(reference.url),
        storable(claim.network),
        storable_or_none(claim.post_id),
        storable_or_none(claim.handle),
        storable_or_none(claim.name),
        claim.date.isoformat() if claim.date else None,
        storable_or_none(claim.text),
        text_start,
        text_end,
        claim.confidence,
        to_json(details),
        fingerprint(reference),
    )


def fingerprint(reference: Reference) -> str:
    """What makes references of two versions of a document the same one: what they claim."""
    claim = reference.claim
    said: tuple[object, ...] = (claim.post_id, claim.handle, claim.date, claim.text, claim.codes)
    if said == (None, None, None, None, ()):
        said = (reference.form, reference.url, reference.raw)
    return hashlib.sha256(to_json((claim.network, *said)).encode()).hexdigest()[:32]


def to_reference(row: Any) -> Reference:
    details = from_json(_Details, row["details"])
    return Reference(
        start=row["span_start"],
        end=row["span_end"],
        raw=row["raw"],
        form=row["form"],
        kind=Kind(row["kind"]),
        claim=Claim(
            network=row["network"],
            post_id=row["post_id"],
            handle=row["handle"],
            name=row["name"],
            date=date.fromisoformat(row["date"]) if row["date"] else None,
            text=row["text"],
            text_span=None
            if row["text_start"] is None
            else Span(row["text_start"], row["text_end"]),
            codes=details.codes,
            confidence=row["confidence"],
            alternatives=details.alternatives,
            date_tolerance=details.date_tolerance,
            flags=details.flags,
        ),
        url=row["url"],
        parts=details.parts,
    )


def points_at_a_post(reference: Reference) -> bool:
    """Whether there is a post behind the reference, known or not."""
    return reference.kind not in _NOT_A_POST


# --- resolutions -------------------------------------------------------------------------------


def to_resolution(row: Any) -> Resolution:
    """A row with `target_network` and `target_id` joined in → the resolution."""
    has_target = row["target_id"] is not None
    return Resolution(
        rule=row["rule"],
        level=Level(row["level"]),
        target=Target(row["target_network"], row["target_id"]) if has_target else None,
        evidence=from_json(Mapping[str, object], row["evidence"]),  # type: ignore[type-abstract]  # read by its alias, never made
        refused=row["refused"],
    )


def to_correction(resolution: Resolution) -> Correction | None:
    """Where the post's text was found to lie, if the evidence says so."""
    found = resolution.evidence.get("correction")
    return None if found is None else from_json(Correction, to_json(found))


# --- captures ----------------------------------------------------------------------------------


def to_snapshot(row: Any, bodies: Mapping[str, bytes]) -> Snapshot:
    """A capture's row with its post's identity and embed, and payload bodies by digest."""
    capture = Capture(
        target=Target(row["network"], row["post_id"]),
        backend=row["backend"],
        outcome=Outcome(row["outcome"]),
        captured_at=from_stamp(row["captured_at"]),
        payload=to_payload(row, bodies[row["payload"]]),
        embed=None if row["embed"] is None else from_json(Embed, row["embed"]),
        reason=row["reason"],
    )
    return Snapshot(row["id"], capture)
