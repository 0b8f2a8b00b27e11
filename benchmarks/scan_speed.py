"""How fast the scanner reads, all in one run: pages beside tweetfinder, plain text, hostile text.

`python benchmarks/scan_speed.py [--shared PATH] [--pages N] [--forms] [--brief] [--corpora]`. Each
figure is the fastest of some rounds, in processor time, since what else a machine does only adds;
rounds of what is compared alternate. Hyperscan is not asked, unless `--corpora` says so.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from _material import make_document, read_lines, read_pages, shared_folder
from _rivals import forbid_network, installed_libraries
from _speed import (
    ROUNDS,
    flattened_milliseconds,
    megabytes_per_second,
    plain_pieces,
    seconds,
    use_core_packages_alone,
)
from _tables import lay_out

from embedarchive.forms import FORMS
from embedarchive.models import Document
from embedarchive.prefilter import Prefilter
from embedarchive.projection import Page
from embedarchive.scan import scan

_HOSTILE = 500_000
"""Characters of each hostile text; it is read once more at twice the length."""
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
    "handles in brackets": "A (@a) said ",
    "JSON": '<script>{"articleBody": "x \\u2014 A (@a) May 2, 2020"}</script>',
    "strings, never closed": '<script>(@ "\\"\\"\\"\\"</script>',
    "blanks in a tag": "<a" + " " * 2_000 + ">",
    "open tags": "<a ",
    "open comments": "<!--",
    "open scripts": "<script><!--",
    "handles": "(@",
    "slashes": "//",
    "ampersands": "&amp;",
}


def main() -> None:
    """Prints the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="the folder of the measuring material")
    parser.add_argument("--pages", type=int, default=80, help="pages with embeds to read")
    parser.add_argument("--forms", action="store_true", help="the time of each form")
    parser.add_argument("--brief", action="store_true", help="without the hostile texts")
    parser.add_argument("--corpora", action="store_true", help="with the extra of that name")
    arguments = parser.parse_args()
    if not arguments.corpora:
        use_core_packages_alone()
    forbid_network()
    logging.disable(logging.CRITICAL)
    shared = shared_folder(arguments.shared)
    gold = read_lines(shared / "evalset" / "dev_html_gold.jsonl")
    lines = read_lines(shared / "evalset" / "dev.jsonl")
    sources = read_pages(shared)
    pages = [sources[entry["doc"]] for entry in gold if entry["embeds"]][: arguments.pages]
    documents = [make_document(page, "text/html") for page in pages]
    packages = "with the extra corpora" if arguments.corpora else "core packages alone"
    print(f"{packages}; load of the machine, {os.cpu_count()} cores: {load()}")
    print(table_of_pages(pages, documents))
    print(table_of_plain_text(lines))
    print(table_of_flattened_text(lines))
    if arguments.forms:
        print(table_of_forms(documents))
    if not arguments.brief:
        print(table_of_hostile_text())
    print(f"load at the end: {load()}")


def load() -> str:
    """Processes that ran or waited, over 1, 5 and 15 minutes."""
    return ", ".join(f"{mean:.1f}" for mean in os.getloadavg())


def table_of_pages(pages: Sequence[str], documents: Sequence[Document]) -> str:
    """Pages that hold embeds: ours, and each library that is installed."""
    size = sum(len(document.content) for document in documents) / 1e6
    libraries = installed_libraries()[0]
    ours = seconds(scan, documents, rounds=1)
    taken = dict.fromkeys((library.name for library in libraries), float("inf"))
    for _ in range(ROUNDS):
        for library in libraries:
            once = seconds(guarded(library.find_ids), pages, rounds=1)
            taken[library.name] = min(taken[library.name], once)
            ours = min(ours, seconds(scan, documents, rounds=2))
    rows: list[list[object]] = [["embedarchive", f"{ours:.3f}", f"{size / ours:.1f}", "", ""]]
    for name, cost in taken.items():
        goal = "10, aim 20" if name.startswith("tweetfinder") else ""
        rows.append([name, f"{cost:.3f}", f"{size / cost:.1f}", f"{cost / ours:.1f} times", goal])
    title = f"Pages with embeds ({len(pages)} pages, {size:.1f} MB)"
    return lay_out(title, ("reader", "seconds", "MB/s", "ours is faster", "goal"), rows)


def table_of_flattened_text(lines: Sequence[dict[str, Any]]) -> str:
    """The open set's texts with two attributions: the median."""
    taken = flattened_milliseconds(lines)
    figures = statistics.median(taken), statistics.quantiles(taken, n=10)[-1]
    rows = [[f"{len(taken)} texts", *(f"{figure:.2f}" for figure in figures), "median <= 4"]]
    header = ("texts", "median, ms", "9 of 10 below, ms", "goal")
    return lay_out("Flattened text with two attributions", header, rows)


def table_of_plain_text(lines: Sequence[dict[str, Any]]) -> str:
    """Text in which nothing is found, in pieces of 5 kB, beside one bare search in it."""
    pieces = plain_pieces(lines)
    ours = megabytes_per_second(scan, pieces)
    bare = megabytes_per_second(lambda piece: b"twitter" in piece.content.lower(), pieces)
    rows = [
        ["embedarchive, all forms", f"{ours:.0f}", "100"],
        ["lower() and one search", f"{bare:.0f}", ""],
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
    """One piece over and over, read as a page and as Markdown."""
    rows = []
    for name, piece in HOSTILE.items():
        row: list[object] = [name]
        for kind in ("text/html", "text/markdown"):
            once, twice = (
                seconds(scan, [make_document(piece * (size // len(piece)), kind)], rounds=1)
                for size in (_HOSTILE, 2 * _HOSTILE)
            )
            row += [f"{twice / (2 * _HOSTILE) * 1e6:.2f}", f"{twice / max(once, 0.001):.1f}"]
        rows.append(row)
    header = ("text", "page: s/MB", "twice as much", "Markdown: s/MB", "twice as much")
    return lay_out("Hostile text (goals: 1 s/MB, and 2.5 times for twice as much)", header, rows)


def guarded(find: Callable[[str], object]) -> Callable[[str], object]:
    """The same, without what a library raises on real pages."""

    def without_failing(html: str) -> object:
        try:
            return find(html)
        except _FAILURES:
            return None

    return without_failing


if __name__ == "__main__":
    main()
