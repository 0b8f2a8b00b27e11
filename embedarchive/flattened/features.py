"""What can be counted in a stretch of text: its length, its marks, its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .characters import CLOSERS, EMOJI
from .languages import language_of
from .model import Attribution
from .words import (
    count_persons,
    has_cue,
    has_speech,
    is_unseparated,
    words_of,
)

DOUBLED = date(2017, 11, 8)
"""From this day a tweet may be 280 long instead of 140 (blog.twitter.com)."""
MEDIA_FREE = date(2016, 9, 19)
"""From this day the link to a post's own media is not counted in its length (blog.twitter.com)."""
LONG_POSTS = date(2023, 2, 8)
"""From this day subscribers may post more than 280 (blog.twitter.com); an embed shows the first
280 and `…`: those in the evaluation set hold 0.92 to 1.02 of the limit."""

_URL = re.compile(r"https?://[^\s)\]>]+|(?:pic\.twitter\.com|t\.co)/[A-Za-z0-9]{7,10}")
_TARGET = re.compile(r"\]\(\s*<?https?:[^)\s]*>?\s*\)")
_SHORT = re.compile(r"(?:https?://)?t\.co/[A-Za-z0-9]{7,10}")
_PIC = re.compile(r"pic\.twitter\.com/[A-Za-z0-9]{7,10}")
_LAST_LINKS = re.compile(
    r"(?:[\s>\[]{0,40}(?:https?://t\.co/|pic\.twitter\.com/|\(https://t\.co/)"
    r"[A-Za-z0-9]{7,10}[)\]]{0,2}){1,8}\Z"
)
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]{1,15}(?![A-Za-z0-9_.]*@)")
_HASHTAG = re.compile(r"(?<![&\w])[#＃][\w]*[^\W0-9_]")
_HEAVY = re.compile("[^\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037\ufe0f]")
_SENTENCE = re.compile(
    r"[.!?…。！？](?:(?<![.!?…。！？].)[.!?…。！？]*+[\s\"”»’)\]」』]|(?<=[。！？]))"
)
"""The end of one. What it begins with is looked at before what must not stand before it."""
_CAPTION = re.compile(
    r"(?:Image|Photo|Picture|Photograph|Foto|Bild|Imagen|Imagem|Credit|Crédito|写真|사진)\s?[:：]|©"
)
_TERMINALS = tuple(".!?…。！？")
_UPPER = re.compile(r"[A-ZÀ-ÝА-Я]")
_DIGIT = re.compile(r"[0-9]")
_INLINE = re.compile(r"[@#＃][\w]+|https?://\S+|pic\.twitter\.com/\w+|t\.co/\w+|\[[^\]\n]{1,80}\]")


def is_legacy(attribution: Attribution) -> bool:
    """Whether a tweet is of the time when 140 characters were the most."""
    return attribution.date is not None and attribution.date < DOUBLED


class Unit(NamedTuple):
    """A stretch of text between two places where the tweet's text may start."""

    text: str
    """Without blanks and quote marks around it."""
    low: str
    """The same in small letters."""
    weight: int
    """Weighted length by today's count (links 23, CJK and emoji 2), Markdown targets left out."""
    letters: int
    """Length by the count before DOUBLED: each character 1."""
    pics: int
    shorts: int
    """t.co links."""
    urls: int
    mentions: int
    hashtags: int
    emoji: int
    sentences: int
    has_cue: bool
    """Has a word that articles put before tweets (`tweeted`)."""
    says: bool
    """Has a verb that articles put before or behind quotations."""
    is_terminal: bool
    """Ends like a sentence."""
    is_caption: bool
    """Opens like the caption of a picture."""
    is_inline: bool
    """Is one link, mention or hashtag, and nothing else."""
    language: int
    """Of its commonest words, or its script; -1 if unknown."""
    upper: int
    digits: int
    quotes: int
    """Opening quotation marks less closing ones."""
    has_odd_quotes: bool
    """An odd number of plain quotation marks: a quotation goes on in the next paragraph."""
    commas: int
    shouts: int
    """Exclamation and question marks."""
    persons: int
    """How often it speaks of `I`, `we` or `you`."""
    curly: int
    """Typographic quotation marks and apostrophes."""
    straight: int
    """Those of a typewriter."""
    words: int
    word_letters: int
    shingles: frozenset[str]
    """Its longer words, or pairs of characters where words are not separated."""

    @property
    def links(self) -> int:
        """Its short links, to media or elsewhere."""
        return self.pics + self.shorts

    @property
    def marks(self) -> int:
        """How many things it holds that tweets are full of and articles are not."""
        return self.pics + self.shorts + self.mentions + self.hashtags + self.emoji


class Length(NamedTuple):
    """How long a stretch of text is, and the links in it: each counts 23, whatever its length."""

    weight: int
    """This and the others as of a Unit."""
    letters: int
    pics: int
    shorts: int
    urls: int

    @property
    def links(self) -> int:
        """Its short links, to media or elsewhere."""
        return self.pics + self.shorts


def shown_of(raw: str) -> str:
    """A stretch of text without blanks and quote marks around it, and without Markdown targets."""
    text = raw.strip(" \t\r\n\xa0\u3000\u200b>")
    return _TARGET.sub("", text) if "](" in text else text


def measure(shown: str) -> Length:
    """The length of what `shown_of` gives."""
    letters = len(shown)
    heavy = 0 if shown.isascii() else len(_HEAVY.findall(shown))
    links = _URL.findall(shown) if "/" in shown else ()
    if not links:
        return Length(letters + heavy, letters, 0, 0, 0)
    letters += 23 * len(links) - sum(map(len, links))
    pics, shorts = len(_PIC.findall(shown)), len(_SHORT.findall(shown))
    return Length(letters + heavy, letters, pics, shorts, len(links) - pics - shorts)


def describe(raw: str) -> Unit:
    """What can be counted in a unit."""
    shown = shown_of(raw)
    weight, letters, pics, shorts, urls = measure(shown)
    low = shown.lower()
    words = words_of(low)
    is_plain = shown.isascii()
    is_cjk = not is_plain and is_unseparated(shown)
    count = shown.count
    return Unit(
        text=shown,
        low=low,
        weight=weight,
        letters=letters,
        pics=pics,
        shorts=shorts,
        urls=urls,
        mentions=len(_MENTION.findall(shown)) if "@" in shown else 0,
        hashtags=len(_HASHTAG.findall(shown)) if "#" in shown or "＃" in shown else 0,
        emoji=0 if is_plain else len(EMOJI.findall(shown)),
        sentences=len(_SENTENCE.findall(shown)),
        has_cue=has_cue(shown, words, is_cjk),
        says=has_speech(shown, words, is_cjk),
        is_terminal=is_terminal(shown),
        is_caption=_CAPTION.match(shown) is not None,
        is_inline=shown[:1] in "@#hpt＃[" and _INLINE.fullmatch(shown) is not None,
        language=language_of(shown, words),
        upper=len(_UPPER.findall(shown)),
        digits=len(_DIGIT.findall(shown)),
        quotes=0 if is_plain else sum(map(count, "“„«「")) - sum(map(count, "”»」")),
        has_odd_quotes=count('"') % 2 == 1,
        commas=sum(map(count, "," if is_plain else ",、，")),
        shouts=sum(map(count, "!?" if is_plain else "!?！？")),
        persons=count_persons(shown, words, is_cjk),
        curly=count_curly(shown),
        straight=count("'") + count('"'),
        words=len(words),
        word_letters=sum(map(len, words)),
        shingles=_shingles(words, is_cjk),
    )


def is_terminal(text: str) -> bool:
    """Whether a text ends like a sentence."""
    return text.rstrip(CLOSERS + " *_").endswith(_TERMINALS)


def count_curly(text: str) -> int:
    """The typographic quotation marks and apostrophes of a text."""
    return 0 if text.isascii() else sum(map(text.count, "’‘“”"))


def _shingles(words: Sequence[str], is_cjk: bool) -> frozenset[str]:
    """What two texts that say the same share: long words, or pairs of characters."""
    if is_cjk:
        letters = "".join(words)
        return frozenset([letters[n : n + 2] for n in range(len(letters) - 1)])
    return frozenset([word for word in words if len(word) > 3])


class Tail(NamedTuple):
    """The links that end a text, which a tweet's length counts or does not."""

    weight: int
    """Of all: some of them are to quoted posts, which is not counted."""
    media: int
    """Of those to media, which are its own."""
    is_cut: bool
    """The words before them are cut off: of posts longer than 280 an embed shows the beginning,
    with `…` at its end."""


def trailing_links(text: str) -> Tail:
    """The links that end a text."""
    match = _LAST_LINKS.search(text)
    if match is None:
        return Tail(0, 0, text.rstrip().endswith("…"))
    pics = len(_PIC.findall(match[0]))
    count = len(_SHORT.findall(match[0])) + pics
    return Tail(24 * count, 24 * pics, text[: match.start()].rstrip().endswith("…"))


EMPTY = describe("")
