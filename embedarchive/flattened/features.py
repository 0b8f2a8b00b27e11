"""What can be seen of a place where a tweet's text may start: one row of numbers. Pure.

A row compares the unit of text behind the place (which would be the first of the tweet) with the
one before it (which would be the article's last), and what lies from there to the attribution
with what a tweet can be. Units are the stretches between neighbouring places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .layout import Layout
from .model import Attribution

DOUBLED = date(2017, 11, 8)
"""From this day a tweet may be 280 long instead of 140 (blog.twitter.com)."""

_URL = re.compile(r"https?://[^\s)\]>]+|(?:pic\.twitter\.com|t\.co)/[A-Za-z0-9]{7,10}")
_TARGET = re.compile(r"\]\(\s*<?https?:[^)\s]*>?\s*\)")
_SHORT = re.compile(r"(?:https?://)?t\.co/[A-Za-z0-9]{7,10}")
_PIC = re.compile(r"pic\.twitter\.com/[A-Za-z0-9]{7,10}")
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]{1,15}(?![A-Za-z0-9_.]*@)")
_HASHTAG = re.compile(r"(?<![&\w])[#＃][\w]*[^\W0-9_]")
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_HEAVY = re.compile("[^\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037\ufe0f]")
_SENTENCE = re.compile(r"[.!?…。！？]+[\s\"”»’)\]」』]|[。！？]")
_CUE = re.compile(
    r"twe{1,2}t|twit|\btuit|tuít|ツイ|つぶや|呟|트윗|트위터|推特|推文|твит|твітт|تويت|توییت|تغريد|kicau|"
    r"\bcuit|\bposted|\bpost\b|\bwrote|\bwrites|\bsaid\b|\bsays\b|\bthread|\bescrib|\bpublic[óa]|"
    r"schrieb|schreibt|postete|écrit|publié|postou|escreve|yazd|paylaş|\bon X\b|followed:|reply|"
    r"replied|napisał|napsal|написал|below\b|screenshot",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W0-9_]{2,}")
_MARKED_CODE = re.compile(r"^#{1,6} |^```|^\$ |^\|")

_OPENERS = "\"“„«‘'「『【(（[［"
_CLOSERS = "\"”»’'」』】)）]］"

# The commonest words of the languages that articles with tweets come in: enough to notice that
# one line is in another language than the next. From general knowledge of these languages.
_COMMON: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "the of and to in is that it for was on are with as at be this have from you not by",
            "der die das und ist nicht ein eine zu den mit auf für von dem im sich auch es wir",
            "el la los las que de en un una por con para del se lo su es al como más",
            "le la les des et est une un du que pas pour dans qui sur au avec ce il sont",
            "o os as um uma e do da em que não para com no na por mais se dos ao",
            "ve bir bu da de için ile çok ne ama daha gibi olan olarak var mı ben sen",
            "yang dan di ini itu untuk dengan dari tidak ke akan pada juga ada saya karena",
            "il di che e la per un una non con del sono della da si gli nel più anche",
            "de het een en van is dat niet op te zijn voor met die aan ook er maar",
            "i w na z do się nie to że jest o jak po za od ale co tym są przez",
        )
    )
    for word in words.split()
}


class Unit(NamedTuple):
    """A stretch of text between two places where the tweet's text may start."""

    text: str
    """Without blanks and quote marks around it."""
    weight: float
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
    is_terminal: bool
    """Ends like a sentence."""
    language: int
    """Of its commonest words, or its script; -1 if unknown."""


def describe(raw: str) -> Unit:
    """What can be counted in a unit."""
    text = raw.strip(" \t\r\n\xa0\u3000\u200b>")
    shown = _TARGET.sub("", text) if "](" in text else text
    weight = letters = len(shown)
    if not shown.isascii():
        weight += len(_HEAVY.findall(shown))
        emoji = len(_EMOJI.findall(shown))
    else:
        emoji = 0
    pics = shorts = urls = 0
    if "/" in shown:
        for match in _URL.finditer(shown):
            length = 23 - len(match[0])
            weight += length
            letters += length
            urls += 1
        pics = len(_PIC.findall(shown))
        shorts = len(_SHORT.findall(shown))
    last = shown.rstrip(_CLOSERS + " *_")[-1:]
    return Unit(
        shown,
        weight,
        letters,
        pics,
        shorts,
        urls - pics - shorts,
        len(_MENTION.findall(shown)) if "@" in shown else 0,
        len(_HASHTAG.findall(shown)) if "#" in shown or "＃" in shown else 0,
        emoji,
        len(_SENTENCE.findall(shown)),
        _CUE.search(shown) is not None,
        last in ".!?…。！？" if last else False,
        _language(shown),
    )


def _language(text: str) -> int:
    """A number for the script of a text or, where that is Latin, its language; -1 if unknown."""
    for char in text[:400:7]:
        code = ord(char)
        if code >= 0x370:
            script = _script(code)
            if script:
                return script
    counts = [0] * 10
    for word in _WORD.findall(text[:400].lower()):
        number = _COMMON.get(word)
        if number is not None:
            counts[number] += 1
    best = max(counts)
    return counts.index(best) if best else -1


def _script(code: int) -> int:
    if code <= 0x3FF:
        return 20
    if code <= 0x52F:
        return 21
    if 0x590 <= code <= 0x6FF:
        return 22
    if 0x900 <= code <= 0xDFF:
        return 23
    if 0xE00 <= code <= 0xEFF:
        return 24
    if 0x3040 <= code <= 0x9FFF:
        return 25
    return 26 if 0xAC00 <= code <= 0xD7A3 else 0


def first_class(text: str) -> int:
    """The class of a text's first character."""
    char = text[:1]
    if char == "." and text[1:2] in "@":
        char = "@"
    if not char:
        return 0
    if char == "@":
        return 9
    if char in "#＃":
        return 8
    if _EMOJI.match(char):
        return 7
    if text.startswith(("http", "pic.twitter", "t.co/")):
        return 6
    if char in _OPENERS:
        return 5
    if char.isdigit():
        return 3
    if char.isalpha():
        if char.isupper():
            return 4
        return 2 if char.islower() else 10
    return 1


def last_class(text: str) -> int:
    """The class of a text's last character; links count as one."""
    char = text[-1:]
    if not char:
        return 0
    if char in ":：":
        return 1
    if char in ".。":
        return 2 if not text.endswith("...") else 4
    if char in "!?！？":
        return 3
    if char == "…":
        return 4
    if char in ",;、，；":
        return 5
    if char in _CLOSERS:
        return 6
    if _EMOJI.match(char) or char == "\ufe0f":
        return 7
    tail = text[-60:].rsplit(None, 1)[-1]
    if "pic.twitter.com/" in tail:
        return 13
    if "t.co/" in tail:
        return 12
    if "http" in tail:
        return 11
    if tail.startswith(("#", "@", "＃")):
        return 10
    if char in "-–—→>":
        return 8
    return 9
