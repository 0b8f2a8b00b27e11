"""All posts of an archive → how many embeds are held, gone, changed or at risk, by outlet and year.

Pure. One embed is one place in one article; an outlet is the host or the folder of the article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from ..differences import Change, differences
from ..models import Embed, Kind, Level, PostRecord, StoredReference
from .card import absence_of
from .post import moment_of_id

_HOST = re.compile(
    r"https?://(?:[^/?#@]{0,200}@)?([^/?#@:\[\]]{1,253})(?=[/?#:]|\Z)", re.IGNORECASE
)
_EMBEDS = frozenset({Kind.EMBED, Kind.UNRESOLVED})


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of embeds: each is either held or at risk or lost or forgotten."""

    embeds: int = 0
    held: int = 0
    """The archive has a capture of the post."""
    gone: int = 0
    """The service no longer shows the post."""
    lost: int = 0
    """Gone, and nobody captured it: only the article's own words are left."""
    changed: int = 0
    """Edited between captures, or other than the article says."""
    at_risk: int = 0
    """Not captured and not known to be gone: a deletion today would lose it."""
    forgotten: int = 0
    """Taken down from this archive, and so in none of the numbers above but the first and what
    changed: neither kept nor lost by the service's doing."""

    @property
    def saved(self) -> int:
        """Gone, and held."""
        return self.gone - self.lost

    @property
    def safe(self) -> int:
        """Held, and not gone."""
        return self.held - self.saved

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


MEASURES = tuple(field.name for field in fields(Tally))


@dataclass(frozen=True, slots=True)
class OutletYear:
    """The embeds of one outlet whose posts are of one year."""

    outlet: str
    year: str
    """Empty where no date is known."""
    tally: Tally


def tally_embeds(posts: Iterable[PostRecord]) -> list[OutletYear]:
    """The embeds of all posts, by outlet and the year of the post; sorted."""
    tallies: dict[tuple[str, str], Counter[str]] = {}
    for record in posts:
        year, found = _year(record), _measures(record)
        for reference in record.references:
            if reference.reference.kind in _EMBEDS:
                key = (outlet_of(reference.uri), year)
                tallies.setdefault(key, Counter()).update(found)
    return [OutletYear(*key, Tally(**tally)) for key, tally in sorted(tallies.items())]


def by_outlet(rows: Iterable[OutletYear]) -> dict[str, Tally]:
    """The outlets with the most embeds first."""
    return dict(sorted(_sums((r.outlet, r.tally) for r in rows), key=_largest))


def by_year(rows: Iterable[OutletYear]) -> dict[str, Tally]:
    """The years in order, the unknown one last."""
    return dict(sorted(_sums((r.year, r.tally) for r in rows), key=lambda p: (not p[0], p[0])))


def total(rows: Iterable[OutletYear]) -> Tally:
    return sum((row.tally for row in rows), Tally())


def outlet_of(uri: str) -> str:
    """The host of a URL without `www.`, the folder of a file."""
    host = _HOST.match(uri)
    if host:
        return host[1].lower().removeprefix("www.")
    folder = uri.partition("#")[0].replace("\\", "/").rpartition("/")[0]
    return folder or "."


def _largest(pair: tuple[str, Tally]) -> tuple[int, str]:
    return -pair[1].embeds, pair[0]


def _sums(pairs: Iterable[tuple[str, Tally]]) -> Iterator[tuple[str, Tally]]:
    sums: dict[str, Tally] = {}
    for name, tally in pairs:
        sums[name] = sums.get(name, Tally()) + tally
    yield from sums.items()


def _measures(record: PostRecord) -> dict[str, int]:
    """What each embed of a post counts as."""
    absence = absence_of(record.visits)
    is_forgotten = record.forgotten_at is not None
    is_gone = absence is not None and absence.word == "Unavailable" and not is_forgotten
    is_held = record.snapshot is not None
    measures = {
        "embeds": True,
        "held": is_held,
        "gone": is_gone,
        "lost": is_gone and not is_held,
        "changed": _has_changed(record),
        "at_risk": not is_gone and not is_held and not is_forgotten,
        "forgotten": is_forgotten,
    }
    return {name: int(value) for name, value in measures.items()}


def _has_changed(record: PostRecord) -> bool:
    captures = [visit.capture for visit in record.visits]
    found = {change.kind for changes in differences(captures) for change in changes}
    is_disputed = any(one.resolution.level is Level.DISPUTED for one in record.references)
    is_edited = any(c.embed and c.embed.edits and c.embed.edits.is_edited for c in captures)
    return is_disputed or is_edited or Change.TEXT in found


def _year(record: PostRecord) -> str:
    embed = record.snapshot.capture.embed if record.snapshot else None
    known = _known_year(embed) or _year_of_id(record)
    return known or next(filter(None, map(_printed_year, record.references)), "")


def _known_year(embed: Embed | None) -> str:
    made = embed and (embed.created_at or embed.created_on)
    return str(made.year) if made else ""


def _year_of_id(record: PostRecord) -> str:
    made = moment_of_id(record.target) if record.target else None
    return made.iso[:4] if made else ""


def _printed_year(reference: StoredReference) -> str:
    printed = reference.reference.claim.date
    return str(printed.year) if printed else ""
