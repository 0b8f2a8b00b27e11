"""How well `cross_article` finds ids that only other articles hold, counted against the gold.

    python benchmarks/cross_article.py [--shared PATH] [--misses]

The HTML sources of one half of the open set's articles go into an archive with their ids; then
come the flattened texts of all articles, stripped of every link to a post. Both halves take their
turn as the half that keeps its links. What a text holds and no source of the kept half does is
beyond reach, and a lure: any id that it is given is wrong. Makes no request.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from _material import make_document, read_lines, read_pages, shared_folder
from _tables import Tally, lay_out

from embedarchive.models import StoredReference
from embedarchive.resolvers.cross_article import RESOLVER
from embedarchive.scan import scan
from embedarchive.store import Archive
from embedarchive.terms import SCANNER_VERSION

GOAL = 0.995
_LINK = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x)\.com/[^\s()<>\"]{1,60}/status(?:es)?/[0-9]+"
    r"[^\s()<>\"]*"
)
_ALL = re.compile(
    rf"{_LINK.pattern}|(?:https?://t\.co|pic\.(?:twitter|x)\.com)/[A-Za-z0-9]{{6,12}}"
)


def main() -> None:
    """Print precision and recall, with media codes and without."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="folder of the measuring material")
    parser.add_argument("--misses", action="store_true", help="list what was not found, or wrongly")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    pages, lines = read_pages(shared), read_lines(shared / "evalset" / "dev.jsonl")
    gold = read_lines(shared / "evalset" / "dev_html_gold.jsonl")
    embeds = {page["doc"]: page["embeds"] for page in gold}
    rows = []
    for words, pattern in (("links stripped", _LINK), ("links and codes stripped", _ALL)):
        counts: Counter[str] = Counter()
        for half in (0, 1):
            kept = {doc: page for doc, page in pages.items() if _half(doc) == half}
            held = {embed["id"] for doc in kept for embed in embeds[doc] if embed["text"]}
            counts += _measure(kept, held, lines, pattern, is_told=options.misses)
        shares = [
            Tally(counts["right"], counts["right"] + counts["wrong"]),
            Tally(counts["right"], counts["reachable"]),
        ]
        numbers = [counts[key] for key in ("lures", "reachable", "right", "wrong", "refused")]
        rows.append([words, *numbers, *(f"{tally.share:.4f}" for tally in shares)])
    header = ("texts", "lures", "in reach", "right", "wrong", "refused", "precision", "recall")
    print(lay_out(f"cross_article (goal: precision >= {GOAL})", header, rows))


def _half(doc: str) -> int:
    return sha256(doc.encode()).digest()[0] % 2


Line = Mapping[str, Any]
Places = Mapping[str, list[tuple[int, Line]]]
"""URI → where each gold tweet's attribution stands in the stripped text, and the tweet."""


def _measure(
    kept: Mapping[str, str],
    held: set[str],
    lines: Sequence[Line],
    pattern: re.Pattern[str],
    *,
    is_told: bool,
) -> Counter[str]:
    """Resolve every flattened text's claims against the kept half's sources."""
    counts: Counter[str] = Counter()
    places: dict[str, list[tuple[int, Line]]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "a.db", clock=lambda: datetime.now(UTC)) as archive,
        archive.transaction(),
    ):
        for doc, page in kept.items():
            _add(archive, f"{doc}.html", page, "text/html")
        for number, line in enumerate(lines):
            text, tweets = line["text"], line["tweets"]
            places[f"{number}.txt"] = [
                (len(pattern.sub("", text[: tweet["attr_start"]])), tweet) for tweet in tweets
            ]
            _add(archive, f"{number}.txt", pattern.sub("", text), "text/plain")
            for tweet in tweets:
                counts["reachable" if tweet["id"] in held and tweet["text"] else "lures"] += 1
        for stored in archive.unresolved():
            _judge(archive, stored, places, held, counts, is_told=is_told)
    return counts


def _add(archive: Archive, uri: str, text: str, media_type: str) -> None:
    digest = f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
    document = replace(make_document(text, media_type), uri=uri, digest=digest)
    archive.add_document(document, scan(document), SCANNER_VERSION)


def _judge(
    archive: Archive,
    stored: StoredReference,
    places: Places,
    held: set[str],
    counts: Counter[str],
    *,
    is_told: bool,
) -> None:
    reference = stored.reference
    claim = reference.claim
    tweet = next(
        (t for at, t in places.get(stored.uri, ()) if reference.start <= at < reference.end), None
    )
    findings = RESOLVER.resolve(claim, archive, None)
    found = next((finding.target.post_id for finding in findings if finding.target), None)
    counts["refused"] += found is None and bool(findings)
    is_right = tweet is not None and found == tweet["id"]
    if found is not None:
        counts["right" if is_right else "wrong"] += 1
    if is_told and not is_right and (found or (tweet and tweet["id"] in held)):
        print(f"{stored.uri} @{claim.handle} {claim.date} found {found}")
        print(f"   read {claim.text!r}\n   true {tweet and tweet['text_src']!r}")


if __name__ == "__main__":
    main()
