"""A post → all that the archive holds of it, as JSON; keys may be added, never renamed."""

from __future__ import annotations

import json

from ...codec import to_json
from ...models import Capture, PostRecord, StoredReference
from ..card import make_card

Data = dict[str, object]


def FACE(record: PostRecord) -> str:  # a shelf's value is named like its shelf
    """One object: the post, every visit, every reference; fields at their default are left out."""
    card = make_card(record)
    embed = record.snapshot.capture.embed if record.snapshot else None
    data: Data = {
        "key": record.key,
        "network": record.target.network if record.target else None,
        "post_id": record.target.post_id if record.target else None,
        "url": card.post.url,
        "level": record.level.value,
        "level_sentence": card.level_sentence,
        "absence": f"{card.absence.lead} {card.absence.since.iso}: {card.absence.reason}"
        if card.absence
        else None,
        "forgotten_at": record.forgotten_at.isoformat() if record.forgotten_at else None,
        "embed": _plain(embed),
        "captures": [_capture(visit.capture) for visit in record.visits],
        "references": [_reference(reference) for reference in record.references],
        "media": {url: _plain(file) for url, file in sorted(record.media.items())},
    }
    return json.dumps(data, ensure_ascii=True, indent=2)


def _plain(value: object) -> object:
    """As the codec writes it."""
    return json.loads(to_json(value))


def _capture(capture: Capture) -> Data:
    return {
        "captured_at": capture.captured_at.isoformat(),
        "backend": capture.backend,
        "outcome": capture.outcome.value,
        "reason": capture.reason,
        "http_status": capture.payload.status,
        "payload_url": capture.payload.url,
        "payload_digest": capture.payload.digest,
    }


def _reference(stored: StoredReference) -> Data:
    reference = stored.reference
    return {
        "uri": stored.uri,
        "start": reference.start,
        "end": reference.end,
        "form": reference.form,
        "kind": reference.kind.value,
        "claim": _plain(reference.claim),
        "level": stored.resolution.level.value,
        "rule": stored.resolution.rule,
    }
