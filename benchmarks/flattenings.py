"""Pages with embedded tweets → the many texts that extractors make of them, with the truth.

Material for training the scorer of `embedarchive.flattened`: every page of the shared evaluation
set through many extractors, and mixes: tweets of one site set into articles of another, with the
lead-ins and headings that articles put before them. Writes JSON lines, never into the project.

Needs (training only): pip install beautifulsoup4 lxml lxml_html_clean trafilatura html2text
inscriptis markdownify boilerpy3 resiliparse readability-lxml; and w3m and lynx, where installed.
"""

from __future__ import annotations

import html
import json
import logging
import random
import re
import shutil
import subprocess
import tarfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import html2text
import inscriptis
import markdownify
import trafilatura
from boilerpy3 import extractors as boilerpy3
from bs4 import BeautifulSoup
from readability import Document as Readability
from resiliparse.extract.html2text import extract_plain_text

from embedarchive.flattened.words import language_of

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

Extract = Callable[[str], str]
Record = dict[str, Any]

# --- extractors --------------------------------------------------------------------------------


def _trafilatura(**options: Any) -> Extract:
    return lambda page: trafilatura.extract(page, **options) or ""


def _html2text(**options: Any) -> Extract:
    def extract(page: str) -> str:
        converter = html2text.HTML2Text()
        for name, value in options.items():
            setattr(converter, name, value)
        return converter.handle(page)

    return extract


def _soup(page: str, *drop: str) -> BeautifulSoup:
    soup = BeautifulSoup(page, "lxml")
    for tag in soup(["script", "style", "noscript", *drop]):
        tag.decompose()
    return soup


def _text_nodes(separator: str, strip: bool = True) -> Extract:
    return lambda page: _soup(page).get_text(separator, strip=strip)


def _paragraphs(page: str) -> str:
    tags = _soup(page).find_all(["p", "blockquote", "h1", "h2", "li"])
    kept = [tag for tag in tags if tag.name != "p" or not tag.find_parent("blockquote")]
    return "\n\n".join(tag.get_text() for tag in kept)


def _one_line_paragraphs(page: str) -> str:
    tags = _soup(page, "nav", "header", "footer").find_all(["p", "h2", "h3", "li"])
    lines = (re.sub(r"\s+", " ", tag.get_text(" ")).strip() for tag in tags)
    return "\n\n".join(line for line in lines if line)


def _markdownify(page: str) -> str:
    body = _soup(page, "nav", "header", "footer")
    return markdownify.markdownify(str(body), strip=["a", "img"])


def _readability(separator: str) -> Extract:
    def extract(page: str) -> str:
        summary = BeautifulSoup(Readability(page).summary(), "lxml")
        return summary.get_text(separator, strip=bool(separator))

    return extract


def _tags_stripped(page: str) -> str:
    body = re.search(r"<body.*?</body>", page, re.S | re.I)
    kept = re.sub(r"<(script|style)\b.*?</\1>", "", body[0] if body else page, flags=re.S | re.I)
    return html.unescape(re.sub(r"<[^>]+>", "", kept))


def _program(*command: str) -> Extract:
    def extract(page: str) -> str:
        done = subprocess.run(
            command,
            check=False,
            input=page.encode("utf-8", "replace"),
            capture_output=True,
            timeout=20,
        )
        return done.stdout.decode("utf-8", "replace")

    return extract


# Each with its weight in the mixes: about its share in the evaluation set.
EXTRACTORS: dict[str, tuple[float, Extract]] = {
    "trafilatura": (10, _trafilatura()),
    "trafilatura_recall": (4, _trafilatura(favor_recall=True)),
    "trafilatura_precision": (4, _trafilatura(favor_precision=True)),
    "trafilatura_md": (5, _trafilatura(output_format="markdown")),
    "trafilatura_links": (4, _trafilatura(include_links=True)),
    "html2text": (4, _html2text()),
    "html2text_plain": (5, _html2text(ignore_links=True, ignore_images=True, body_width=0)),
    "html2text_wrapped": (3, _html2text(ignore_links=True, ignore_images=True)),
    "bs4_newline": (9, _text_nodes("\n")),
    "bs4_space": (8, _text_nodes(" ")),
    "bs4_raw": (5, _text_nodes("", strip=False)),
    "bs4_paragraphs": (4, _paragraphs),
    "inscriptis": (6, inscriptis.get_text),
    "markdownify": (3, _markdownify),
    "boilerpy3_all": (3, boilerpy3.KeepEverythingExtractor().get_content),
    "boilerpy3_article": (3, boilerpy3.ArticleExtractor().get_content),
    "resiliparse_all": (5, lambda page: extract_plain_text(page, main_content=False)),
    "resiliparse_main": (2, lambda page: extract_plain_text(page, main_content=True)),
    "readability": (2, _readability("")),
    "readability_newline": (2, _readability("\n")),
    "readability_space": (1, _readability(" ")),
    "paragraphs": (2, _one_line_paragraphs),
    "tags_stripped": (4, _tags_stripped),
}
if shutil.which("w3m"):
    EXTRACTORS["w3m"] = (
        4,
        _program("w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "80"),
    )
if shutil.which("lynx"):
    EXTRACTORS["lynx"] = (
        4,
        _program(
            *("lynx", "-dump", "-stdin", "-nolist", "-width=90"),
            *("-assume_charset=utf-8", "-display_charset=utf-8"),
        ),
    )


def extract(name: str, page: str) -> str | None:
    """What an extractor makes of a page; None where it fails on it, as some do."""
    try:
        text = EXTRACTORS[name][1](page)
    except Exception:  # noqa: BLE001  extractors raise anything; a lost text is no loss here
        return None
    return text.replace("\r\n", "\n") if text and len(text) < 400_000 else None


# --- alignment ---------------------------------------------------------------------------------

_IGNORED = frozenset(" \n\t\r\u3000\xa0\u200b\u200c\u200d\ufeff\u200e\u200f\u2063\xad*_\\|[]`~<>")
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_TARGET = re.compile(r"\]\(\s*<?(?:https?:|/)[^()\s]*>?\s*\)|\]\(<?https?:[^)]*\)")


def squash(text: str) -> tuple[str, list[int]]:
    """A text without blanks and markup, and where each character left stood."""
    kept, places, at = [], [], 0
    for match in [*_TARGET.finditer(text), None]:
        stop = match.start() if match else len(text)
        for place in range(at, stop):
            if text[place] not in _IGNORED:
                kept.append(text[place])
                places.append(place)
        at = match.end() if match else stop
    return "".join(kept).translate(_SAME).replace("--", "-\0"), places


def align(text: str, embeds: list[Record]) -> list[Record]:
    """The embeds found in an extractor's text: `start`, `end`, and `handle_at`."""
    squashed, places = squash(text)
    found, at = [], 0
    for embed in embeds:
        body, name = squash(embed["text"])[0], squash(embed["name"] or "")[0]
        anchor = "(@" + embed["handle"].replace("_", "") + ")"
        key = at - 1
        while body and (key := squashed.find(anchor, key + 1)) >= 0:
            if not squashed.endswith(name, 0, key):
                continue
            dash = key - len(name)
            while dash and squashed[dash - 1] in "-\0":
                dash -= 1
            if squashed.endswith(body, 0, dash):
                start = places[dash - len(body)]
                found.append(
                    {"start": start, "end": places[dash - 1] + 1, "handle_at": places[key]}
                )
                at = key + 1
                break
    return found


# --- mixes -------------------------------------------------------------------------------------

# Lead-ins, by `language_of`; {n} the author's name, {h} the handle. Our own words.
_LEADS: dict[int, str] = {
    0: "{n} tweeted:|{n} wrote on Twitter.|As {n} put it:|Here is what {n} had to say:|{n} (@{h}) "
    "posted this on X:|via @{h}|and like @{h}|and like @{h}:|See the tweet below.|See tweets:|"
    "Check it out:|Watch:|The announcement was made on Twitter:|One user wrote:|Another user "
    "added:|“It is what it is,” {n} tweeted on Friday.|{n} replied|I asked about this on Twitter|"
    "This was the reaction of @{h}|Here's how @{h} does it|Related:|{n} explains",
    1: "{n} schrieb auf Twitter:|Auf X postete {n}:|Dazu twitterte {n}:|{n} (@{h}) meint:|Hier der "
    "Tweet:|Einige Reaktionen|Mehr dazu:|Bei @{h} heißt es:",
    2: "{n} escribió en Twitter:|Así lo contó {n} en X:|En Twitter, leo|Este es el tuit:|{n} "
    "tuiteó:|Vía @{h}|Dice @{h}:|Mira el video:",
    3: "{n} a écrit sur Twitter :|Le tweet de {n} :|Voici la réaction de @{h} :|À lire aussi",
    4: "{n} escreveu no Twitter:|Veja o post:|Segundo {n}:|Confira:|responde esse tweet aqui 👇",
    5: "{n} şöyle yazdı:|{n} Twitter'dan paylaştı:|Kaynak|Bununla ilgili tweet:",
    6: "{n} menulis di Twitter:|Lihat utas berikut.|Kata {n}:|Cuitan @{h}:",
    21: "{n} написал в Твиттере:|Вот твит:|Смотрите также",
    22: "{n} نوشت:|این توییت:|كتب {n}:",
    25: "{n}さんのツイート：|以下のツイートです。|こんなツイートがありました。|まとめ|"
    "{n} 在推特上写道：|具体看这条推文：|今日のツイート|あとから追記|つぶやきました。|その他",
    26: "{n} 님의 트윗:|트위터에 다음과 같이 올렸다.|@{h} 님의 멘션|추가 대화|트윗|@{h} :",
}
_LAST_LINK = re.compile(r"\s*(?:pic\.twitter\.com/\w{10}|https?://t\.co/\w{10})\s*$")


def _vary(rng: random.Random, quote: Any, embed: Record) -> Record:
    """Change a tweet's markup into that of a likely other one: no last link, other line breaks."""
    paragraph, draw = quote.find("p"), rng.random()
    if paragraph is None:
        return embed
    if draw < 0.25:
        links = paragraph.find_all("a")
        while links and _LAST_LINK.fullmatch(links[-1].get_text(strip=True)):
            label, text = links.pop(), embed["text"].rstrip()
            shorter = text.removesuffix(label.get_text(strip=True)).rstrip()
            if shorter == text or len(shorter) < 8:
                break
            label.extract()
            embed = {**embed, "text": shorter}
    elif draw < 0.37:
        for tag in paragraph.find_all("br"):
            tag.replace_with(" ")
    elif draw < 0.5:
        for node in list(paragraph.find_all(string=True)):
            parts = [p for p in re.split(r"(?<=[.!?])\s+|(?<=[。！？])", str(node)) if p]
            for number, part in enumerate(parts if len(parts) > 1 else []):
                for _ in range(rng.choice((1, 1, 2)) if number else 0):
                    node.insert_before(BeautifulSoup("<br/>", "html.parser").br)
                node.insert_before(part)
            if len(parts) > 1:
                node.extract()
    return embed


def _lead(rng: random.Random, soup: BeautifulSoup, job: Record, embed: Record, first: bool) -> Any:
    """A lead-in or a heading to set before a tweet, or None."""
    draw = rng.random()
    if draw < (0.3 if first else 0.12):
        lead = rng.choice(_LEADS.get(job["language"], _LEADS[0]).split("|"))
        tag = soup.new_tag(rng.choice(("p", "p", "p", "div", "h3")))
        tag.string = lead.format(n=embed["name"], h=embed["handle"])
        return tag
    if draw < (0.42 if first else 0.15) and job["headings"]:
        tag = soup.new_tag(rng.choice(("h2", "h3", "h4")))
        tag.string = rng.choice(job["headings"])
        return tag
    return None


def make_mix(job: Record) -> list[Record]:
    """One article with foreign tweets set in, through a few extractors."""
    rng = random.Random(job["seed"])
    soup = _soup(job["page"])
    blocks = [
        tag
        for tag in soup.find_all(["p", "li"])
        if (tag.name == "p" or rng.random() < 0.3)
        and len(tag.get_text(strip=True)) > 40
        and not tag.find_parent("blockquote")
        and not tag.find("blockquote")
    ]
    siblings = Counter(id(tag.parent) for tag in blocks)
    blocks = [tag for tag in blocks if siblings[id(tag.parent)] >= 3] or blocks
    if not blocks:
        return []
    picks, placed = iter(job["picks"]), []
    spots = sorted(rng.sample(range(len(blocks)), min(len(blocks), rng.choice((1, 2, 2, 3)))))
    for spot in spots:
        anchor: Any = blocks[spot]
        for number in range(rng.choice((1, 1, 1, 1, 2, 3))):
            markup, embed = next(picks, (None, None))
            if markup is None:
                break
            quote: Any = BeautifulSoup(markup, "lxml").find("blockquote")
            embed = _vary(rng, quote, embed)
            lead = _lead(rng, soup, job, embed, first=number == 0)
            if lead is not None and number == 0 and rng.random() < 0.3:
                anchor.append(" " + lead.get_text())
            elif lead is not None:
                anchor.insert_after(lead)
                anchor = lead
            if rng.random() < 0.25:
                quote = quote.wrap(soup.new_tag("div"))
            anchor.insert_after(quote)
            for insert in (quote.insert_before, quote.insert_after):
                if rng.random() < 0.4:
                    insert("\n")
            anchor = quote
            placed.append(embed)
    if rng.random() < 0.15:  # a short post: its title, and the tweet right below
        for block in blocks[: spots[0] + 1]:
            block.decompose()
    weights = [weight for weight, _ in EXTRACTORS.values()]
    names = dict.fromkeys(rng.choices(list(EXTRACTORS), weights, k=5))
    return _flatten(str(soup), placed, names, f"mix-{job['seed']}", job["sites"])


def _flatten(
    page: str, embeds: list[Record], names: Any, document: str, sites: list[str]
) -> list[Record]:
    records, seen = [], set()
    for name in names:
        text = extract(name, page)
        if text is None or text in seen:
            continue
        seen.add(text)
        tweets = align(text, embeds)
        if tweets:
            records.append(
                {"sites": sites, "doc": document, "extractor": name, "text": text, "tweets": tweets}
            )
    return records


# --- the whole ---------------------------------------------------------------------------------


def _flatten_page(page: Record) -> list[Record]:
    return _flatten(page["page"], page["embeds"], EXTRACTORS, page["doc"], [page["site"]])


def _survey(page: Record) -> Record:
    """A page's language, headings, and the markup of its embeds."""
    soup = BeautifulSoup(page["page"], "lxml")
    quotes = [(str(tag), squash(tag.get_text())[0]) for tag in soup.find_all("blockquote")]
    picks = []
    for embed in page["embeds"]:
        body, anchor = squash(embed["text"])[0], f"(@{embed['handle'].replace('_', '')})"
        for markup, text in quotes:
            if anchor in text and body in text and len(markup) < 6_000:
                picks.append((markup, embed))
                quotes.remove((markup, text))
                break
    headings = [tag.get_text(" ", strip=True) for tag in soup.find_all(["h2", "h3", "h4"])]
    prose = " ".join(tag.get_text(" ", strip=True) for tag in soup.find_all("p"))
    return {
        "language": language_of(prose[200:3_000]),
        "headings": [heading for heading in headings if 3 < len(heading) < 70][:12],
        "picks": picks,
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


def _mix_jobs(pages: list[Record], surveys: list[Record], count: int) -> Iterator[Record]:
    """Pick sites first, then pages and tweets: what one large site does shall not rule."""
    rng = random.Random(11)
    tweets: dict[int | None, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    headings, by_site = defaultdict(list), defaultdict(list)
    for page, survey in zip(pages, surveys, strict=True):
        by_site[page["site"]].append((page, survey))
        headings[survey["language"]] += survey["headings"]
        for markup, embed in survey["picks"]:
            for language in (language_of(embed["text"]), None):
                tweets[language][page["site"]].append((markup, embed))
    for seed in range(count):
        page, survey = rng.choice(by_site[rng.choice(list(by_site))])
        language = survey["language"]
        pool = tweets[language if rng.random() < 0.8 and language in tweets else None]
        source = rng.choice(list(pool))
        picks = rng.sample(pool[source], min(9, len(pool[source])))
        yield {
            "seed": seed,
            "page": page["page"],
            "language": language,
            "headings": headings[language],
            "picks": picks,
            "sites": sorted({page["site"], source}),
        }


def write_flattenings(shared: Path, folder: Path, mixes: int, processes: int) -> None:
    """Write `pages.jsonl` and `mixes.jsonl` into a folder."""
    pages = [page for page in load_pages(shared) if len(page["page"]) < 600_000]
    folder.mkdir(parents=True, exist_ok=True)
    with Pool(processes) as pool:
        surveys = pool.map(_survey, pages, chunksize=8)
        for name, work, jobs in (
            ("pages", _flatten_page, (page for page in pages if page["embeds"])),
            ("mixes", make_mix, _mix_jobs(pages, surveys, mixes)),
        ):
            with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
                for records in pool.imap(work, jobs, chunksize=4):
                    out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
