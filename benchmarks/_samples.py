"""The real samples of every form → what of each is read. Prints nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from _embeds import FIELDS, Comparison, compare
from _material import MEDIA_TYPES, make_document
from _tables import Tally, lay_out

from embedarchive.models import Kind, Reference
from embedarchive.scan import scan

_KINDS = {"link": Kind.LINK, "sidebar": Kind.SIDEBAR, "self-promo": Kind.SIDEBAR}
"""Of a sample's `kind`; its other words say where it was met, not what it is."""


@dataclass(slots=True)
class FormResult:
    """One form's samples."""

    samples: int = 0
    fields: dict[str, Tally] = field(default_factory=lambda: dict.fromkeys(FIELDS, Tally()))
    kinds: Tally = field(default_factory=Tally)
    false_ids: int = 0
    false_embeds: int = 0
    misses: list[str] = field(default_factory=list)


def measure_samples(samples: list[dict[str, Any]]) -> dict[str, FormResult]:
    """Form → how its samples were read, in the order of the forms."""
    results: dict[str, FormResult] = defaultdict(FormResult)
    for number, sample in enumerate(samples, 1):
        media_type = MEDIA_TYPES.get(sample["format"], "text/plain")
        found = scan(make_document(sample["content"], media_type))
        # Another object of the network is named as such, and is no post.
        compared = compare(sample["expect"], [r for r in found if r.kind is not Kind.OTHER])
        result = results[sample["form"]]
        result.samples += 1
        for name in FIELDS:
            result.fields[name] += compared.tallies[name]
        _add_kinds(result, sample, compared, number)
        _add_extra(result, sample, compared, number)
        where = f"{sample['form']} line {number}"
        by = ", ".join(f"{r.form} {r.kind}" for r in found) or "nothing found"
        result.misses += [f"{where} [{by}] {miss}" for miss in compared.misses]
        result.misses += [f"{where} [{by}] UNASKED {miss}" for miss in compared.unasked]
    return dict(sorted(results.items()))


def _add_kinds(
    result: FormResult, sample: dict[str, Any], compared: Comparison, number: int
) -> None:
    wanted = _KINDS.get(sample.get("kind", ""))
    is_citation = sample["form"].startswith("B11.")  # a wiki names its sources so
    if wanted is None and (sample.get("kind") or sample["format"] == "url" or is_citation):
        return
    for _, reference in compared.matched:
        is_right = reference.kind is (wanted or Kind.EMBED)
        result.kinds += Tally(int(is_right), 1)
        if not is_right:
            result.misses.append(
                f"{sample['form']} line {number} [{reference.form}] kind:"
                f" expected {wanted or Kind.EMBED} got {reference.kind}"
            )


def _add_extra(
    result: FormResult, sample: dict[str, Any], compared: Comparison, number: int
) -> None:
    ids = {wanted["id"] for wanted in sample["expect"]}
    for extra in compared.extra:
        where = f"{sample['form']} line {number} [{extra.form}]"
        if extra.claim.post_id is not None and extra.claim.post_id not in ids:
            result.false_ids += 1
            result.misses.append(f"{where} FALSE ID {extra.claim.post_id}: {_raw(extra)}")
        elif extra.kind is Kind.EMBED and extra.claim.post_id is None:
            result.false_embeds += 1
            result.misses.append(f"{where} FALSE EMBED: {_raw(extra)}")


def _raw(reference: Reference) -> str:
    return repr(reference.raw[:160])


def table_of_samples(results: dict[str, FormResult], *, is_brief: bool) -> str:
    """A form a row, a field a column, with the whole at the end."""
    rows = []
    groups: dict[str, FormResult] = defaultdict(FormResult)
    for form, result in results.items():
        groups[f"section {form[0]}"] = _sum(groups[f"section {form[0]}"], result)
        groups["all"] = _sum(groups["all"], result)
        if not is_brief:
            rows.append(_row(form, result))
    whole = groups.pop("all")
    rows += [_row(name, result) for name, result in (*groups.items(), ("all", whole))]
    every = sum(whole.fields.values(), Tally())
    rows.append(["all fields", "", f"{every.right}/{every.all} {every}", *[""] * 8])
    header = ("form", "samples", *FIELDS, "kind", "false ids", "false embeds")
    return lay_out("(d) Samples: fields right / expected", header, rows)


def _sum(one: FormResult, other: FormResult) -> FormResult:
    return FormResult(
        one.samples + other.samples,
        {name: one.fields[name] + other.fields[name] for name in FIELDS},
        one.kinds + other.kinds,
        one.false_ids + other.false_ids,
        one.false_embeds + other.false_embeds,
    )


def _row(name: str, result: FormResult) -> list[object]:
    tallies = [*(result.fields[name] for name in FIELDS), result.kinds]
    shares = [f"{tally.right}/{tally.all}" if tally.all else "-" for tally in tallies]
    return [name, result.samples, *shares, result.false_ids, result.false_embeds]
