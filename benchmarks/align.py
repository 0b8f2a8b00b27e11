"""How often both bounds of a flattened text are exact, as guessed and once the true text is known.

    python benchmarks/align.py [--shared PATH] [--misses]

The open set's own source texts stand for what a service would answer. Makes no request.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from _material import load_scorer, make_document, read_lines, shared_folder
from _tables import Tally, lay_out

from embedarchive.judging import judge_reference
from embedarchive.models import (
    Author,
    Capture,
    Document,
    Embed,
    Outcome,
    Payload,
    Reference,
    Target,
)
from embedarchive.scan import scan

_PICTURE_LINK = re.compile(r"\s*pic\.twitter\.com/\w+\s*\Z")


def main() -> None:
    """Print how many bounds are exact before and after, and what it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="folder of the measuring material")
    parser.add_argument("--misses", action="store_true", help="list what is not exact afterwards")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    scorer, counts = load_scorer(shared), Counter[str]()
    spent = 0.0
    for line in read_lines(shared / "evalset" / "dev.jsonl"):
        document = make_document(line["text"])
        read = [one for one in scan(document) if one.form == "flattened"] if line["tweets"] else []
        for tweet in line["tweets"]:
            at = tweet["attr_start"]
            reference = next((one for one in read if one.start <= at < one.end), None)
            if reference is None or not tweet["text_src"].strip():
                continue
            started = time.perf_counter()
            level, span = _after(reference, tweet, document)
            spent += time.perf_counter() - started
            is_exact = _is_exact(scorer, line["text"], span, tweet)
            counts["tweets"] += 1
            counts[level] += 1
            counts["before"] += _is_exact(scorer, line["text"], reference.claim.text_span, tweet)
            counts["after"] += is_exact
            if options.misses and not is_exact:
                print(f"{line['doc']} {line['extractor']} {level}\n   true {tweet['text_src']!r}")
                print(f"   read {line['text'][slice(*span)] if span else None!r}")
    rows = [
        [words, Tally(counts[key], counts["tweets"]), counts[key]]
        for words, key in (
            ("both bounds exact, as guessed", "before"),
            ("both bounds exact, true text known", "after"),
            ("verified", "verified"),
            ("disputed", "disputed"),
        )
    ]
    print(lay_out(f"{counts['tweets']} tweets", ("", "share", "number"), rows))
    print(f"{spent / counts['tweets'] * 1e6:.0f} µs for each, judging included")


def _after(
    reference: Reference, tweet: Mapping[str, Any], document: Document
) -> tuple[str, tuple[int, int] | None]:
    """How the claim is judged against the source's text, and where its text lies then."""
    target = Target("x", tweet["id"])
    text = _PICTURE_LINK.sub("", tweet["text_src"])
    embed = Embed(target, Author(tweet["handle"], ""), text, codes=tuple(tweet["media"]))
    answer = Payload("sha256:", b"", "", 200, {})
    now = datetime.now(UTC)
    capture = Capture(target, "source", Outcome.AVAILABLE, now, answer, embed)
    judgement = judge_reference(reference, [capture], lambda: document)
    span: Any = reference.claim.text_span
    correction: Any = judgement.evidence.get("correction") if judgement else None
    if correction:
        span = (correction["text_start"], correction["text_end"])
    return judgement.level if judgement else "", span


def _is_exact(scorer: ModuleType, text: str, span: Any, tweet: Mapping[str, Any]) -> bool:
    edges = zip(span or (), (tweet["start"], tweet["end"]), strict=False)
    return span is not None and all(scorer.edge_same(text, ours, true) for ours, true in edges)


if __name__ == "__main__":
    main()
