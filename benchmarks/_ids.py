"""Pages as crawled → ids of the posts embedded in them, beside the libraries that are installed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from _material import make_document, read_lines, read_pages
from _rivals import Library, forbid_network, installed_libraries
from _tables import lay_out

from embedarchive.models import Kind
from embedarchive.scan import scan
from embedarchive.sifting import is_candidate

_FAILURES = (ValueError, TypeError, AttributeError, LookupError, RecursionError, OSError)
_WARM = 9_000_000
"""Bytes after which the sieve is made, as in any run over a corpus."""

Finder = Callable[[str], Iterable[str]]


def table_of_ids(shared: Path, rounds: int) -> str:
    """The material's pages that hold embeds; processor time, the least of alternating rounds."""
    forbid_network()
    logging.disable(logging.CRITICAL)
    is_candidate(b" " * _WARM)
    sources = read_pages(shared)
    gold = read_lines(shared / "evalset" / "dev_html_gold.jsonl")
    gold = [entry for entry in gold if entry["embeds"]]
    pages = [sources[entry["doc"]] for entry in gold]
    right = {
        (number, embed["id"])
        for number, entry in enumerate(gold)
        for embed in entry["embeds"]
        if embed["id"]
    }
    libraries, absent = installed_libraries()
    finders: dict[str, Finder] = {"embedarchive": _ours, **{a.name: _guarded(a) for a in libraries}}
    found = {name: _ids(find, pages) for name, find in finders.items()}
    taken = dict.fromkeys(finders, float("inf"))
    for _ in range(rounds):
        for name, find in finders.items():
            begun = time.process_time()
            _ids(find, pages)
            taken[name] = min(taken[name], time.process_time() - begun)
    rows: list[list[object]] = [
        [
            name,
            f"{len(pages) / seconds:.0f}",
            f"{seconds / taken['embedarchive']:.1f} times",
            len(found[name] & right),
            len(found[name] - right),
        ]
        for name, seconds in taken.items()
    ]
    header = ("finder", "pages a second", "ours is faster", f"ids, of {len(right)}", "others")
    title = f"(e) {len(pages)} pages with embeds; goal: 10 times tweetfinder's speed, and more ids"
    return lay_out(title, header, rows) + "".join(f"\n{name}: not installed" for name in absent)


def _ours(html: str) -> Iterable[str]:
    for reference in scan(make_document(html, "text/html")):
        if reference.kind is Kind.EMBED and reference.claim.network == "x":
            yield reference.claim.post_id or ""


def _guarded(library: Library) -> Finder:
    def find(html: str) -> Iterable[str]:
        try:
            return library.find_ids(html)
        except _FAILURES:
            return ()

    return find


def _ids(find: Finder, pages: Sequence[str]) -> set[tuple[int, str]]:
    """Each id of each page once."""
    return {
        (number, post_id) for number, page in enumerate(pages) for post_id in find(page) if post_id
    }
