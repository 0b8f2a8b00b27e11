"""How fast the scanner reads, all in one run: pages beside tweetfinder, plain text, hostile text.

`python benchmarks/scan_speed.py [--shared PATH] [--pages N] [--forms] [--hostile]`. Each figure
is the fastest of three runs, in processor time, since what else a machine does only adds.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TypeVar

from _material import make_document, read_lines, read_pages, shared_folder
from _rivals import forbid_network, installed_libraries
from _tables import lay_out

from embedarchive.forms import FORMS
from embedarchive.models import Document
from embedarchive.prefilter import Prefilter
from embedarchive.projection import Page
from embedarchive.scan import scan

_ROUNDS = 3
_PIECE = 5_000
_HOSTILE = 300_000
"""Characters of each hostile text."""
_FAILURES = (ValueError, TypeError, AttributeError, LookupError, RecursionError, OSError)
_QUOTE = '<blockquote class="twitter-tweet"><p lang="en">x</p>&mdash; A (@a) '
_LINK = '<a href="https://x.com/a/status/1234567890123456789">May 2, 2020</a>'
HOSTILE = {
    "quotes, never closed": '<blockquote class="twitter-tweet">',
    "quotes": f"{_QUOTE}{_LINK}</blockquote>",
    "quotes with a post, never closed": f"{_QUOTE}{_LINK}",
    "quotes by their shape, never closed": f"<blockquote>{_LINK}",
    "boxes, never closed": '<div class="fb-post" data-href="https://www.facebook.com/a/posts/1">',
    "attributes with ids": '<i data-tweet-id="1234567890123456789">',
    "commented-out quotes": f"<!-- {_QUOTE}{_LINK}</blockquote> -->",
    "addresses": "https://x.com/a/status/1234567890123456789 ",
    "addresses, glued": "https://x.com/a/status/1234567890123456789",
    "attributions on one line": "— A (@a) May 2, 2020 ",
    "attributions on lines": "x\n— A (@a) May 2, 2020\n",
    "open tags": "<a ",
    "open comments": "<!--",
    "open scripts": "<script><!--",
    "handles": "(@",
    "slashes": "//",
    "ampersands": "&amp;",
}

_T = TypeVar("_T")


def main() -> None:
    """Prints the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="the folder of the measuring material")
    parser.add_argument("--pages", type=int, default=80, help="pages with embeds to read")
    parser.add_argument("--forms", action="store_true", help="the time of each form")
    parser.add_argument("--hostile", action="store_true", help="seconds a megabyte, hostile text")
    arguments = parser.parse_args()
    forbid_network()
    logging.disable(logging.CRITICAL)
    shared = shared_folder(arguments.shared)
    gold = read_lines(shared / "evalset" / "dev_html_gold.jsonl")
    sources = read_pages(shared)
    pages = [sources[entry["doc"]] for entry in gold if entry["embeds"]][: arguments.pages]
    documents = [make_document(page, "text/html") for page in pages]
    print(table_of_pages(pages, documents))
    print(table_of_plain_text(read_lines(shared / "evalset" / "dev.jsonl")))
    if arguments.forms:
        print(table_of_forms(documents))
    if arguments.hostile:
        print(table_of_hostile_text())


def table_of_pages(pages: Sequence[str], documents: Sequence[Document]) -> str:
    """Pages that hold embeds: ours, and each library that is installed."""
    size = sum(len(document.content) for document in documents) / 1e6
    ours = seconds(scan, documents)
    rows: list[list[object]] = [["embedarchive", f"{ours:.3f}", f"{size / ours:.1f}", ""]]
    for library in installed_libraries()[0]:
        taken = seconds(guarded(library.find_ids), pages, rounds=1)
        lead = f"{taken / ours:.1f} times (goal 10, aim 20)"
        rows.append([library.name, f"{taken:.3f}", f"{size / taken:.1f}", lead])
    title = f"Pages with embeds ({len(pages)} pages, {size:.1f} MB)"
    return lay_out(title, ("reader", "seconds", "MB/s", "ours is faster"), rows)


def table_of_plain_text(lines: Sequence[dict[str, object]]) -> str:
    """Text in which nothing is found, in pieces of 5 kB, beside one bare search in it."""
    texts = [str(line["text"]) for line in lines if not line["tweets"]]
    pieces = [
        make_document(text[at : at + _PIECE])
        for text in texts
        for at in range(0, len(text) - _PIECE + 1, _PIECE)
    ]
    pieces = [piece for piece in pieces if not scan(piece)]
    size = sum(len(piece.content) for piece in pieces) / 1e6
    ours = seconds(scan, pieces, rounds=2 * _ROUNDS)
    bare = seconds(lambda piece: b"twitter" in piece.content.lower(), pieces, rounds=2 * _ROUNDS)
    rows = [
        ["embedarchive, all forms", f"{size / ours:.0f}", "100"],
        ["lower() and one search", f"{size / bare:.0f}", ""],
    ]
    return lay_out("Text without references, 5 kB each", ("reader", "MB/s", "goal"), rows)


def table_of_forms(documents: Sequence[Document]) -> str:
    """Where the time on pages goes; a view of the page counts for the form that asks first."""
    prefilter = Prefilter(FORMS)
    taken: defaultdict[str, float] = defaultdict(float)
    asked: Counter[str] = Counter()
    for document in documents:
        begun = time.process_time()
        candidates = prefilter.candidates(document.content.lower())
        taken["(prefilter)"] += time.process_time() - begun
        page = Page(document)
        for form in candidates:
            begun = time.process_time()
            for _ in form.find(page):
                pass
            taken[form.name] += time.process_time() - begun
            asked[form.name] += 1
    rows = [
        [name, f"{cost * 1000:.1f}", asked[name] or ""]
        for name, cost in sorted(taken.items(), key=itemgetter(1), reverse=True)
    ]
    return lay_out("Time by form", ("form", "ms", "pages"), rows)


def table_of_hostile_text() -> str:
    """One piece over and over, read as a page and as Markdown: seconds a megabyte."""
    rows = []
    for name, piece in HOSTILE.items():
        text = piece * (_HOSTILE // len(piece))
        kinds = [make_document(text, kind) for kind in ("text/html", "text/markdown")]
        once = [seconds(scan, [document], rounds=1) / len(text) * 1e6 for document in kinds]
        rows.append([name, *(f"{cost:.2f}" for cost in once)])
    return lay_out("Hostile text, seconds a MB (goal 1)", ("text", "page", "Markdown"), rows)


def guarded(find: Callable[[str], object]) -> Callable[[str], object]:
    """The same, without what a library raises on real pages."""

    def without_failing(html: str) -> object:
        try:
            return find(html)
        except _FAILURES:
            return None

    return without_failing


def seconds(work: Callable[[_T], object], items: Sequence[_T], *, rounds: int = _ROUNDS) -> float:
    """The fastest of some rounds over all items."""
    return min(_round(work, items) for _ in range(rounds))


def _round(work: Callable[[_T], object], items: Sequence[_T]) -> float:
    begun = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
