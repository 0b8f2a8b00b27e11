"""Pages with embedded tweets → the many texts that extractors make of them, with the truth.

Material for training the scorer of `embedarchive.flattened`: every page of the shared evaluation
set through many extractors (`_extractors.py`, which names what to install), and mixes and swaps of
articles and tweets (`_mixing.py`). Writes JSON lines, never into the project.
"""

from __future__ import annotations

import json
import random
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from _aligned import Record, flatten
from _extractors import EXTRACTORS
from _mixing import make_mix, make_swap, matched
from bs4 import BeautifulSoup

from embedarchive.flattened.languages import language_of
from embedarchive.flattened.words import words_of


def _flatten_page(page: Record) -> list[Record]:
    return flatten(page["page"], page["embeds"], EXTRACTORS, page["doc"], [page["site"]])


def _language_of(text: str) -> int:
    return language_of(text, words_of(text.lower()))


def _survey(page: Record) -> Record:
    """A page's language, headings, and the markup of its embeds."""
    soup = BeautifulSoup(page["page"], "lxml")
    headings = [tag.get_text(" ", strip=True) for tag in soup.find_all(["h2", "h3", "h4"])]
    prose = " ".join(tag.get_text(" ", strip=True) for tag in soup.find_all("p"))
    return {
        "language": _language_of(prose[200:3_000]),
        "headings": [heading for heading in headings if 3 < len(heading) < 70][:12],
        "picks": [(str(quote), embed) for quote, embed in matched(soup, page["embeds"])],
    }


def load_pages(shared: Path) -> list[Record]:
    """The source pages of the evaluation set, with their embeds."""
    with open(shared / "evalset/dev_html_gold.jsonl", encoding="utf-8") as lines:
        gold = {record["doc"]: record for record in map(json.loads, lines)}
    pages = []
    with tarfile.open(shared / "evalset/dev_html.tar.gz") as archive:
        for member in archive:
            if member.name.endswith(".html"):
                content = archive.extractfile(member)
                page = content.read().decode("utf-8", "replace") if content else ""
                pages.append({**gold[Path(member.name).stem], "page": page})
    return pages


def _jobs(
    pages: list[Record], surveys: list[Record], count: int, *, are_swaps: bool
) -> Iterator[Record]:
    """Pick sites first, then pages and tweets: what one large site does shall not rule."""
    rng = random.Random(12 if are_swaps else 11)
    tweets: dict[int | None, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    headings, by_site = defaultdict(list), defaultdict(list)
    for page, survey in zip(pages, surveys, strict=True):
        if survey["picks"] or not are_swaps:
            by_site[page["site"]].append((page, survey))
        headings[survey["language"]] += survey["headings"]
        for markup, embed in survey["picks"]:
            for language in (_language_of(embed["text"]), None):
                tweets[language][page["site"]].append((markup, embed))
    for seed in range(count):
        page, survey = rng.choice(by_site[rng.choice(list(by_site))])
        language = survey["language"]
        pool = tweets[language if rng.random() < 0.8 and language in tweets else None]
        source = rng.choice(list(pool))
        yield {
            "seed": seed,
            "page": page["page"],
            "embeds": page["embeds"],
            "language": language,
            "headings": headings[language],
            "picks": rng.sample(pool[source], min(9, len(pool[source]))),
            "sites": sorted({page["site"], source}),
        }


def write_flattenings(shared: Path, folder: Path, mixes: int, processes: int) -> None:
    """Write `pages.jsonl`, and as many `mixes.jsonl` as `swaps.jsonl`, into a folder."""
    pages = [page for page in load_pages(shared) if len(page["page"]) < 600_000]
    folder.mkdir(parents=True, exist_ok=True)
    with Pool(processes) as pool:
        surveys = pool.map(_survey, pages, chunksize=8)
        for name, work, jobs in (
            ("pages", _flatten_page, (page for page in pages if page["embeds"])),
            ("mixes", make_mix, _jobs(pages, surveys, mixes, are_swaps=False)),
            ("swaps", make_swap, _jobs(pages, surveys, mixes, are_swaps=True)),
        ):
            with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
                for records in pool.imap(work, jobs, chunksize=4):
                    out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
