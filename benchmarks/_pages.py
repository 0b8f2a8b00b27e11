"""The open set's pages as crawled → what of their embeds is read, and how fast. Prints nothing."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from _embeds import FIELDS, compare
from _material import embeds_of_x, make_document
from _rivals import Library
from _tables import Tally, lay_out

from embedarchive.models import Kind
from embedarchive.scan import scan

FAILED = "failed"
_FAILURES = (ValueError, TypeError, AttributeError, LookupError, RecursionError, OSError)
"""What the libraries raise on real pages."""


@dataclass(slots=True)
class PagesResult:
    """What one finder read from the pages."""

    name: str
    fields: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    extra: Counter[str] = field(default_factory=Counter)
    """`embeds`: called embeds and not in the gold; `ids`: those with an id that no gold has."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Document → processor time taken."""
    failures: int = 0
    misses: list[str] = field(default_factory=list)


def measure_ours(pages: dict[str, str], gold: Sequence[dict[str, Any]]) -> PagesResult:
    """Every field of every gold embed, by the whole scanner."""
    result = PagesResult("embedarchive")
    for entry in gold[:1]:
        scan(make_document(pages[entry["doc"]], "text/html"))  # what the first page alone costs
    for entry in gold:
        doc, embeds = entry["doc"], entry["embeds"]
        document = make_document(pages[doc], "text/html")
        begun = time.process_time()
        found = scan(document)
        result.seconds[doc] = time.process_time() - begun
        compared = compare(embeds, [r for r in found if r.claim.network == "x"])
        for name in FIELDS:
            result.fields[name] += compared.tallies[name]
        result.misses += [f"{doc} {entry['site']} {miss}" for miss in compared.misses]
        for wanted, reference in compared.matched:
            is_embed = reference.kind is Kind.EMBED
            result.fields["kind"] += Tally(int(is_embed), 1)
            if not is_embed:
                result.misses.append(
                    f"{doc} {entry['site']} kind: {wanted['id']}"
                    f" is called {reference.kind} by {reference.form}"
                )
        ids = {embed["id"] for embed in embeds}
        for extra in embeds_of_x(compared.extra):
            result.extra["embeds"] += 1
            result.extra["ids"] += (
                extra.claim.post_id is not None and extra.claim.post_id not in ids
            )
            result.misses.append(
                f"{doc} {entry['site']} EXTRA {extra.form} {extra.kind} {extra.claim.post_id}"
                f" {extra.raw[:120]!r}"
            )
    return result


def ids_or_failure(library: Library, html: str) -> list[str]:
    """The ids that a library finds, or FAILED alone where it raises."""
    try:
        return library.find_ids(html)
    except _FAILURES:
        return [FAILED]


def measure_library(
    library: Library, pages: dict[str, str], gold: Sequence[dict[str, Any]]
) -> PagesResult:
    """The ids that a library finds; it tells no other field, or leaves it to the user to parse."""
    result = PagesResult(library.name)
    for entry in gold:
        begun = time.process_time()
        left = Counter(ids_or_failure(library, pages[entry["doc"]]))
        result.seconds[entry["doc"]] = time.process_time() - begun
        result.failures += left.pop(FAILED, 0)
        for embed in entry["embeds"]:
            is_found = left[embed["id"]] > 0
            left[embed["id"]] -= is_found
            result.fields["id"] += Tally(int(is_found), 1)
        ids = {embed["id"] for embed in entry["embeds"]}
        result.extra["embeds"] += left.total()
        result.extra["ids"] += sum(count for key, count in left.items() if key not in ids)
    return result


def table_of_pages(results: Sequence[PagesResult]) -> str:
    """A finder a row: fields right of those in the gold, and what was called an embed besides."""
    columns = (*FIELDS, "kind")
    rows = []
    for result in results:
        shares = [_share(result.fields.get(name, Tally())) for name in columns]
        every = sum((result.fields.get(name, Tally()) for name in FIELDS), Tally())
        all_fields = str(every) if len(result.fields) > 1 else "-"
        extra = result.extra
        rows.append(
            [result.name, *shares, all_fields, extra["embeds"], extra["ids"], result.failures]
        )
    header = ("finder", *columns, "all fields", "extra embeds", "extra ids", "failed pages")
    return lay_out("(e) Pages as crawled: fields right / in the gold", header, rows)


def _share(tally: Tally) -> str:
    return f"{tally.right}/{tally.all}" if tally.all else "-"
