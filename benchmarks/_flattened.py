"""The open set of flattened texts → how well a finder finds blocks and bounds. Prints nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from types import ModuleType
from typing import Any
from unittest import mock

from _material import make_document
from _rivals import Prediction
from _tables import Tally, lay_out, with_intervals

from embedarchive.flattened import placement, rows
from embedarchive.flattened.scorer import Model
from embedarchive.flattened.wording import Wording
from embedarchive.models import Kind
from embedarchive.scan import scan

Finder = Callable[[str], list[Prediction]]
Line = dict[str, Any]
Claim = tuple[float, bool]
"""A claim's confidence, and whether both its bounds are exact."""

_BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.001)


def find_ours(text: str) -> list[Prediction]:
    """The scanner's embeds of X that name who and when, as the set's scorer reads them."""
    found = []
    for reference in scan(make_document(text)):
        claim = reference.claim
        if reference.kind is not Kind.EMBED or claim.network != "x" or claim.date is None:
            continue
        start, end = claim.text_span or (reference.start, reference.start)
        found.append(
            {
                "handle": claim.handle,
                "name": claim.name,
                "date": claim.date.isoformat(),
                "text": claim.text or "",
                "start": start,
                "end": end,
                "id": claim.post_id,
                "confidence": claim.confidence,
            }
        )
    return found


@contextmanager
def placing_with(model: Model, wording: Wording) -> Iterator[None]:
    """Inside, the whole scanner runs with this scorer and these words instead of the shipped."""
    with (
        mock.patch.object(placement, "shipped_model", return_value=model),
        mock.patch.object(rows, "shipped_wording", return_value=wording),
    ):
        yield


@dataclass(slots=True)
class Result:
    """What one finder did on the set."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    starts: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """Site → start exact, of matched."""
    starts_of_all: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """Site → start exact, of all gold."""
    groups: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    """Aspect and its value (`layout`, `quoted`) → start exact, of matched."""
    claims: list[Claim] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def measure(name: str, find: Finder, lines: Sequence[Line], scorer: ModuleType) -> Result:
    """Run a finder over the lines of the set."""
    result = Result(name)
    for line in lines:
        score_one(result, line, find(line["text"]), scorer)
    return result


def score_one(
    result: Result, line: Line, predictions: list[Prediction], scorer: ModuleType
) -> None:
    """Add one line's predictions to a result."""
    counts, pairs = scorer.score_line(line, predictions)
    result.counts.update(counts)
    gold = line["tweets"]
    if gold:
        asked = counts["gold"] - counts["orphan"]
        result.starts[line["site"]] += Tally(counts["start_ok"], counts["m"])
        result.starts_of_all[line["site"]] += Tally(counts["start_ok"], asked)
    matched = dict(pairs)
    for number, tweet in enumerate(gold):
        prediction = predictions[matched[number]] if number in matched else None
        _judge(result, line, tweet, prediction, scorer)
    for number in set(range(len(predictions))) - set(matched.values()):
        extra = predictions[number]
        result.claims.append((extra.get("confidence", 1.0), False))
        result.misses.append(f"{_where(line, extra)} EXTRA {_end(extra['text'])}")


def _judge(
    result: Result, line: Line, tweet: Line, prediction: Prediction | None, scorer: ModuleType
) -> None:
    if prediction is None:
        result.misses.append(f"{_where(line, tweet)} NOT FOUND {tweet['date_text']!r}")
        return
    text, where = line["text"], _where(line, tweet)
    if tweet.get("orphan"):
        is_right = {"start": not scorer.ws(prediction["text"]), "end": True}
    else:
        is_right = {
            edge: scorer.edge_same(text, prediction[edge], tweet[edge]) for edge in ("start", "end")
        }
        for aspect, value in (("layout", layout_of(text, tweet)), ("by", line["extractor"])):
            result.groups[aspect, value] += Tally(int(is_right["start"]), 1)
    confidence = prediction.get("confidence", 1.0)
    result.claims.append((confidence, all(is_right.values())))
    for edge in ("start", "end"):
        if not is_right[edge]:
            result.misses.append(
                f"{where} {edge.upper()} {confidence:.2f} {layout_of(text, tweet)}"
                f" off by {prediction[edge] - tweet[edge]}"
                f"\n  expected {_around(text, tweet[edge])}\n  got      "
                f"{_around(text, prediction[edge])}"
            )
    if "name" in tweet and scorer.ws(prediction["name"]) != tweet["name"]:
        result.misses.append(f"{where} NAME {tweet['name']!r} got {prediction['name']!r}")


def _where(line: Line, tweet: Line) -> str:
    return f"{line['doc']} {line['extractor']} {line['site']} @{tweet['handle']} {tweet['date']}"


def _end(text: str) -> str:
    return repr(text[-120:])


def _around(text: str, place: int) -> str:
    return f"{text[max(place - 60, 0) : place]!r} | {text[place : place + 60]!r}"


def layout_of(text: str, tweet: Line) -> str:
    """How the extractor set this tweet apart: told from the gold, so the same for each finder."""
    line_start = text.rfind("\n", 0, tweet["attr_start"]) + 1
    between = text[tweet["end"] : tweet["attr_start"]]
    own_line = text[text.rfind("\n", 0, tweet["start"]) + 1 : tweet["start"]]
    if text[line_start : tweet["attr_start"]].lstrip().startswith(">"):
        return "quoted"
    if "\n" in text[tweet["attr_start"] : tweet["block_end"]].strip():
        return "broken over lines"
    if "\n" not in between:
        return "starts inside a line" if own_line.strip(" \t*_>") else "attribution on its line"
    if between.count("\n") > 1:
        return "blank line before attribution"
    before = text[: tweet["start"]].rstrip(" \t*_>")
    return "blank line above" if before.endswith("\n\n") else "no blank line"


def table_of_results(results: Sequence[Result]) -> str:
    """Blocks, starts with intervals over sites, and the other bounds, a finder a row."""
    header = ("finder", "block P", "block R", "start, of matched, micro", "start, of all, macro")
    rows = []
    for result in results:
        counts = result.counts
        fields = [
            Tally(counts[key], counts["m"]) for key in ("end_ok", "name_ok", "text_exact_loose")
        ]
        rows.append(
            [
                result.name,
                Tally(counts["tp"], counts["pred"]),
                Tally(counts["tp"], counts["gold"]),
                with_intervals(result.starts)[0],
                with_intervals(result.starts_of_all)[1],
                *fields,
                f"{counts['orphan_ok']}/{counts['orphan']}",
            ]
        )
    return lay_out(
        "(a) Flattened texts: blocks and bounds, with 95 % intervals over sites",
        (*header, "end", "name", "text", "orphans"),
        rows,
    )


def table_of_groups(results: Sequence[Result], aspect: str) -> str:
    """Start exact, of matched, by layout or extractor."""
    totals: Counter[str] = Counter()
    for result in results:
        for (of, value), tally in result.groups.items():
            if of == aspect:
                totals[value] = max(totals[value], tally.all)
    rows = [
        [value, count, *(result.groups.get((aspect, value), Tally()) for result in results)]
        for value, count in totals.most_common()
    ]
    title = {"by": "extractor"}.get(aspect, aspect)
    header = (title, "tweets", *(result.name for result in results))
    return lay_out(f"(a) Start exact, of matched, by {title}", header, rows)


def table_of_calibration(results: Sequence[Result]) -> str:
    """Share right of the claims by their confidence; a false find is a wrong claim."""
    rows = []
    for low, high in pairwise(_BINS):
        row: list[object] = [f"{low:.2f} to {min(high, 1):.2f}"]
        for result in results:
            inside = [
                is_right for confidence, is_right in result.claims if low <= confidence < high
            ]
            row += [len(inside), Tally(sum(inside), len(inside))]
        rows.append(row)
    sure: list[object] = [">= 0.90 (goal: >= 0.97 right, >= 80 % of all)"]
    for result in results:
        inside = [is_right for confidence, is_right in result.claims if confidence >= 0.9]
        share = Tally(len(inside), len(result.claims))
        sure += [f"{share.share:.1%} of all", Tally(sum(inside), len(inside))]
    header = ["confidence"]
    for result in results:
        header += [result.name, "right"]
    return lay_out("(c) Calibration: both bounds exact", header, [*rows, sure])
