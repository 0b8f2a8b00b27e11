"""The same words in another article: taken only where handle, day and text leave one post."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from embedarchive.models import Alternative, Claim, CodeOwner, KnownClaim, Level, Target
from embedarchive.resolvers.cross_article import RESOLVER
from embedarchive.store import Archive
from tests.command import run
from tests.making import make_document
from tests.making_records import make_capture, make_embed, make_reference, ticking

HANDLE = "harbour_notes"
ID = "1600000000000000002"  # made on 2022-12-06 UTC
WORDS = "Fog on the harbour again, the ferry waits."
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/resolvers/cross_article.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
PAGE = f"""<p>On Tuesday the ferry stayed in.</p>
<blockquote class="twitter-tweet"><p lang="en">{WORDS}</p>&mdash; Harbour Notes (@{HANDLE})
<a href="https://twitter.com/{HANDLE}/status/{ID}">December 6, 2022</a></blockquote>
"""
FLAT = f"""The ferry stayed in.

{WORDS}
— Harbour Notes (@{HANDLE}) December 6, 2022

It sailed on Wednesday.
"""


class Known(list[KnownClaim]):
    def claims_like(self, claim: Claim) -> list[KnownClaim]:
        return self

    def owners_of_code(self, code: str) -> list[CodeOwner]:
        return []


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_which_post_is_taken(case: dict[str, Any]) -> None:
    known = Known(
        KnownClaim(Target("x", post_id), Claim(handle=HANDLE, text=text, codes=tuple(codes)), "d")
        for post_id, text, *codes in case["known"]
    )
    claim = Claim(
        network=case.get("network", "x"),
        handle=case.get("handle", HANDLE),
        date=None if case.get("date", "") is None else date(2022, 12, 6),
        text=case["text"],
        alternatives=tuple(Alternative(0, 1, t, 0.1) for t in case.get("alternatives", ())),
    )
    findings = RESOLVER.resolve(claim, known, None)
    taken = [finding.target.post_id for finding in findings if finding.target]
    assert taken == ([case["found"]] if "found" in case else [])
    refused = [finding.refused or "" for finding in findings if finding.target is None]
    for words, found in zip(case.get("refused", ()), refused, strict="found" not in case):
        assert words in found
    assert all(finding.level is Level.MATCHED for finding in findings)
    json.dumps([finding.evidence for finding in findings])


def test_what_an_archive_knows_of_a_handle_and_a_day(tmp_path: Path) -> None:
    document = make_document("One. Two. Three. Four. Five.")
    day = date(2022, 12, 6)
    said: list[dict[str, Any]] = [
        {"words": "One.", "handle": "Harbour_Notes", "post_id": ID, "date": day, "text": "One."},
        {"words": "Two.", "handle": HANDLE, "post_id": ID, "date": day},  # without a text
        {"words": "Three.", "handle": "gull", "post_id": ID, "date": day, "text": "Three."},
        {"words": "Four.", "handle": HANDLE, "date": day, "text": "Four."},  # without an id
        {
            "words": "Five.",
            "handle": HANDLE,
            "post_id": "1",
            "date": date(2022, 12, 7),
            "text": "5",
        },
    ]
    wanted = Claim(handle=HANDLE, date=day, text="One.")
    seen = Target("x", "1600000000000000009")
    with Archive.open(tmp_path / "posts.db", clock=ticking()) as archive:
        archive.add_document(document, [make_reference(document, **one) for one in said], "1")
        (known,) = archive.claims_like(wanted)
        assert (known.target, known.claim.text) == (Target("x", ID), "One.")
        assert known.source == f"document:{document.uri}"
        assert archive.claims_like(Claim(handle=HANDLE, text="One.")) == []
        embed = make_embed(seen, "Six.")
        archive.add_capture(make_capture(seen, embed))
        by_payload = archive.claims_like(Claim(handle="vaelkanor", date=day, text="Six."))
        assert [(one.target, one.claim.text) for one in by_payload] == [(seen, "Six.")]
        later = Claim(handle=HANDLE, date=date(2022, 12, 8), date_tolerance=1)
        assert [one.target.post_id for one in archive.claims_like(later)] == ["1"]


def test_one_article_flattened_another_with_its_link(tmp_path: Path) -> None:
    (tmp_path / "flat.txt").write_text(FLAT, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    db = tmp_path / "posts.db"
    assert run("archive", db, tmp_path / "flat.txt", "--offline").returncode == 0
    assert [row["level"] for row in json.loads(run("list", db, "--json").stdout)] == ["claimed"]
    done = run("archive", db, tmp_path / "page.html", "--offline")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(run("list", db, "--json").stdout)
    assert (row["key"], row["level"], len(row["articles"])) == (f"x-{ID}", "matched", 2)
    assert "cross_article: matched" in run("explain", db, ID).stdout
