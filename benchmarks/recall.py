"""How well references are read: the tables of docs/flattened.md and the README, in one run.

    python benchmarks/recall.py [--shared PATH] [--work FOLDER] [--brief] [--misses FILE]

Reads the shared measuring material and the project's own package; writes nothing but what
`--misses` asks for, and makes no request. tweetfinder and goose3 are measured where they are
installed (`pip install '.[bench]'`); the cross-validated line needs what `train_placement.py`
needs to train (`pip install '.[train]'`), and the flattenings in its folder to train as well.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import _flattened as flattened
import _negatives as negatives
import _pages as pages
import _rivals as rivals
import _samples as samples
import _speed as speed
from _folds import fold_models
from _material import embeds_of_x, load_scorer, make_document, read_lines, read_pages, shared_folder
from _tables import lay_out

from embedarchive.flattened.dates import parse_date
from embedarchive.models import Document, Reference
from embedarchive.scan import scan

Misses = dict[str, list[str]]


def main() -> None:
    options = _parse(sys.argv[1:])
    rivals.forbid_network()
    speed.use_core_packages_alone()  # which changes nothing but the speed
    logging.disable()  # what the libraries have to say of each page
    warnings.simplefilter("ignore")
    shared = shared_folder(options.shared)
    libraries, absent = rivals.installed_libraries()
    for name in absent:
        print(f"{name} is not installed: left out")
    lines = read_lines(shared / "evalset" / "dev.jsonl")
    misses: Misses = {}
    if set("ac") & set(options.only):
        _show_flattened(lines, shared, libraries, options, misses)
    if set("bef") & set(options.only):
        html = read_pages(shared)
        gold = read_lines(shared / "evalset" / "dev_html_gold.jsonl")
    if "b" in options.only:
        _show_false_finds(lines, html, gold, misses)
    if "d" in options.only:
        results = samples.measure_samples(read_lines(shared / "samples.jsonl"))
        print(samples.table_of_samples(results, is_brief=options.brief))
        misses["d"] = [miss for result in results.values() for miss in result.misses]
    if set("ef") & set(options.only):
        read = [pages.measure_ours(html, gold)]
        read += [pages.measure_library(library, html, gold) for library in libraries]
        print(pages.table_of_pages(read))
        misses["e"] = read[0].misses
        if "f" in options.only:
            print(speed.table_of_speed(lines, gold, read))
    if options.misses:
        _write_misses(options.misses, misses)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", help="folder of the measuring material")
    parser.add_argument("--work", type=Path, help="folder of train_placement.py's flattenings")
    parser.add_argument("--share", type=float, default=1.0, help="of these to train on")
    parser.add_argument("--brief", action="store_true", help="leave out the tables by group")
    parser.add_argument("--misses", type=Path, help="write every miss into this file")
    parser.add_argument("--only", default="abcdef", help="tables to print; default: all")
    return parser.parse_args(arguments)


def _show_flattened(
    lines: list[dict[str, Any]],
    shared: Path,
    libraries: Sequence[rivals.Library],
    options: argparse.Namespace,
    misses: Misses,
) -> None:
    scorer = load_scorer(shared)
    rules = [
        flattened.measure(f"rule: the {name} above", _rule(name), lines, scorer)
        for name in ("line", "paragraph")
    ]
    ours = [
        flattened.measure("shipped weights", flattened.find_ours, lines, scorer),
        *_cross_validated(lines, shared, options),
    ]
    print(flattened.table_of_results([*rules, *ours]))
    print("\nThe shipped weights were trained on all of these texts: no measure of new ones.")
    for library in libraries:
        print(_ids_in_text(library, lines))
    if not options.brief:
        print(flattened.table_of_groups([*rules, *ours], "layout"))
        print(flattened.table_of_groups([*rules, *ours], "by"))
    print(flattened.table_of_calibration(ours))
    misses.update({f"a, {result.name}": result.misses for result in ours})


def _rule(name: str) -> flattened.Finder:
    return partial(rivals.find_below, parse=parse_date, by_paragraph=name == "paragraph")


def _cross_validated(
    lines: list[dict[str, Any]], shared: Path, options: argparse.Namespace
) -> list[flattened.Result]:
    """The same scanner, each site read with a scorer that never saw it; empty where untrainable."""
    scorer = load_scorer(shared)
    result = flattened.Result("cross-validated by site")
    left = list(lines)
    try:
        for sites, model, wording in fold_models(shared, options.work, options.share):
            with flattened.placing_with(model, wording):
                for line in left:
                    if line["site"] in sites:
                        found = flattened.find_ours(line["text"])
                        flattened.score_one(result, line, found, scorer)
            left = [line for line in left if line["site"] not in sites]
    except ImportError as error:
        print(f"{error}: no cross-validated line")
        return []
    for line in left:  # no fold knows these: they hold nothing that a scorer is trained on
        flattened.score_one(result, line, flattened.find_ours(line["text"]), scorer)
    if not options.work:
        print("without --work the folds' scorers are trained on the set's own texts alone")
    return [result]


def _ids_in_text(library: rivals.Library, lines: Iterable[dict[str, Any]]) -> str:
    found = Counter[str]()
    tweets = 0
    for line in lines:
        if line["tweets"]:
            tweets += len(line["tweets"])
            found.update(pages.ids_or_failure(library, line["text"]))
    failed = found.pop(pages.FAILED, 0)
    words = f"{library.name} reads HTML: in these texts it finds {found.total()} of {tweets} tweets"
    return f"{words} and fails on {failed} texts"


def _show_false_finds(
    lines: list[dict[str, Any]], html: dict[str, str], gold: list[dict[str, Any]], misses: Misses
) -> None:
    families = {
        "negative texts": [
            (make_document(line["text"]), set[str]()) for line in lines if not line["tweets"]
        ],
        "pages, embeds cut out": [
            (
                make_document(negatives.without_embeds(html[g["doc"]], g["embeds"]), "text/html"),
                {embed["id"] for embed in g["embeds"]},
            )
            for g in gold
        ],
        "built citations": [
            (make_document(text), set[str]()) for text in negatives.build_citations()
        ],
    }
    rows, listed = [], []
    for name, documents in families.items():
        counts: Counter[str] = Counter()
        for document, ids in documents:
            found = list(embeds_of_x(scan(document)))
            left = [r for r in found if r.claim.post_id in ids]
            false = [r for r in found if r.claim.post_id not in ids]
            counts["false"] += len(false)
            counts["hit"] += bool(false)
            counts["left"] += len(left)
            listed += [_describe(name, document, r) for r in false]
        rows.append([name, len(documents), counts["false"], counts["hit"], counts["left"]])
    header = ("texts without embeds", "texts", "false finds", "texts hit", "named elsewhere")
    print(lay_out("(b) False finds: called an embed of X where there is none", header, rows))
    misses["b"] = listed


def _describe(family: str, document: Document, reference: Reference) -> str:
    around = document.text[max(reference.start - 40, 0) : reference.end + 40]
    return f"{family} [{reference.form} {reference.kind}] {around[-300:]!r}"


def _write_misses(path: Path, misses: Misses) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for table, listed in misses.items():
            stream.write(f"== ({table}) {len(listed)}\n")
            stream.writelines(f"{miss}\n" for miss in listed)


if __name__ == "__main__":
    main()
