"""Articles and tweets of different sites set together, to train on more pairs than there are.

A *mix* sets tweets into an article where it had none, below lead-ins and headings of ours; a *swap*
puts them where the article's own tweets stand, below what its author wrote to lead in a tweet.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

from _aligned import Record, flatten, squash
from _extractors import EXTRACTORS, soup_of
from bs4 import BeautifulSoup

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
    soup = soup_of(job["page"])
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
    return flatten(str(soup), placed, _some_extractors(rng), f"mix-{job['seed']}", job["sites"])


_KEPT = 0.15
"""Of the tweets of a swap's article, those that stay."""
_NEAR = 12
"""Strings above a tweet in which its author may be named."""


def make_swap(job: Record) -> list[Record]:
    """One article with foreign tweets in the places of its own, through a few extractors."""
    rng = random.Random(job["seed"])
    soup = soup_of(job["page"])
    picks, placed = iter(job["picks"]), []
    for quote, embed in matched(soup, job["embeds"]):
        markup, other = (None, embed) if rng.random() < _KEPT else next(picks, (None, embed))
        if markup is not None:
            foreign: Any = BeautifulSoup(markup, "lxml").find("blockquote")
            other = _vary(rng, foreign, other)
            _rename(quote, embed, other)
            quote.replace_with(foreign)
        placed.append(other)
    return flatten(str(soup), placed, _some_extractors(rng), f"swap-{job['seed']}", job["sites"])


def matched(soup: BeautifulSoup, embeds: list[Record]) -> list[tuple[Any, Record]]:
    """The embeds of a page with their blockquotes, in order."""
    quotes = [(tag, squash(tag.get_text())[0]) for tag in soup.find_all("blockquote")]
    found = []
    for embed in embeds:
        body, anchor = squash(embed["text"])[0], f"(@{embed['handle'].replace('_', '')})"
        for quote, text in quotes:
            if anchor in text and body in text and len(str(quote)) < 6_000:
                found.append((quote, embed))
                quotes.remove((quote, text))
                break
    return found


def _rename(quote: Any, embed: Record, other: Record) -> None:
    """Let what leads in a tweet name the author of the other one."""
    for string in quote.find_all_previous(string=True, limit=_NEAR):
        said = str(string)
        for key in ("handle", "name"):
            if embed[key] and other[key]:
                said = said.replace(embed[key], other[key])
        if said != str(string):
            string.replace_with(said)


def _some_extractors(rng: random.Random) -> list[str]:
    """Up to five, about as often as the evaluation set has them."""
    weights = [weight for weight, _ in EXTRACTORS.values()]
    return list(dict.fromkeys(rng.choices(list(EXTRACTORS), weights, k=5)))
