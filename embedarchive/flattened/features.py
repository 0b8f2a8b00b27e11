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
_LAST_LINKS = re.compile(
    r"(?:[\s>\[]{0,40}(?:https?://t\.co/|pic\.twitter\.com/|\(https://t\.co/)[A-Za-z0-9]{7,10}[)\]]{0,2}){1,8}\Z"
)
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]{1,15}(?![A-Za-z0-9_.]*@)")
_HASHTAG = re.compile(r"(?<![&\w])[#＃][\w]*[^\W0-9_]")
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_HEAVY = re.compile("[^\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037\ufe0f]")
_SENTENCE = re.compile(r"[.!?…。！？]+[\s\"”»’)\]」』]|[。！？]")
# Words that articles put before tweets, and verbs they put around quotations, in the languages of
# the articles that embed them; where words are not separated, as parts of the text.
_CUES = frozenset(
    "tweet tweets tweeted tweeting tweeter twitter retweeted posted post posts thread reply replied "
    "replies screenshot tuit tuits tuiteó tuiteo tuitear tweetet twitterte twittert twitterten "
    "getwittert getwitterd postete posteten gepostet tweetou tuitou postou tuíte tweeta tweeté "
    "twitta twittato kicauan cuitan utas твит твиты твиттере твиттер твитнул твіт твіттері "
    "تويتر توییت توییتر تغريدة تغريدته paylaştı paylaşımı tweeti tweetinde tweetler twitteru".split()
)
_CUE_PARTS = ("ツイ", "つぶや", "呟", "推特", "推文", "트윗", "트위터", "ポスト")
_SAYS = frozenset(
    "wrote write writes writing said says saying asked asks added adds told tells followed below "
    "following via see watch responded announced shared quipped joked like escribió escribe dijo "
    "dice publicó anunció schrieb schreibt schreiben sagte sagt meint meinte écrit publié déclaré "
    "ajouté escreveu escreve disse diz yazdı yazmış yazan dedi diyor napisał pisze napsal napsala "
    "написал написала написали сказал menulis kata ujar tulis ha scritto نوشت كتب کتب".split()
)
_SAYS_PARTS = ("言っ", "書い", "写道", "表示", "说", "曰く", "썼", "말했", "남겼", "올렸")
_WORD = re.compile(r"[^\W0-9_]{2,}")
_UPPER = re.compile(r"[A-ZÀ-ÝА-Я]")
_DIGIT = re.compile(r"[0-9]")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_INLINE = re.compile(r"[@#＃][\w]+|https?://\S+|pic\.twitter\.com/\w+|t\.co/\w+|\[[^\]\n]{1,80}\]")

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


_COMMON_WORDS = frozenset(_COMMON)


def is_legacy(attribution: Attribution) -> bool:
    """Whether a tweet is of the time when 140 characters were the most."""
    return attribution.date is not None and attribution.date < DOUBLED


class Unit(NamedTuple):
    """A stretch of text between two places where the tweet's text may start."""

    text: str
    """Without blanks and quote marks around it."""
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
    is_inline: bool
    """Is one link, mention or hashtag, and nothing else."""
    language: int
    """Of its commonest words, or its script; -1 if unknown."""
    upper: int
    digits: int
    quotes: int
    """Opening quotation marks less closing ones."""
    commas: int
    shouts: int
    """Exclamation and question marks."""
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
    words = _WORD.findall(shown.lower())
    is_cjk = weight > letters and _CJK.search(shown) is not None
    count = shown.count
    return Unit(
        text=shown,
        weight=weight,
        letters=letters,
        pics=pics,
        shorts=shorts,
        urls=urls - pics - shorts,
        mentions=len(_MENTION.findall(shown)) if "@" in shown else 0,
        hashtags=len(_HASHTAG.findall(shown)) if "#" in shown or "＃" in shown else 0,
        emoji=emoji,
        sentences=len(_SENTENCE.findall(shown)),
        has_cue=not _CUES.isdisjoint(words) or (is_cjk and _has_any(shown, _CUE_PARTS)),
        says=not _SAYS.isdisjoint(words) or (is_cjk and _has_any(shown, _SAYS_PARTS)),
        is_terminal=last in ".!?…。！？" if last else False,
        is_inline=shown[:1] in "@#hpt＃[" and _INLINE.fullmatch(shown) is not None,
        language=_language(shown, words),
        upper=len(_UPPER.findall(shown)),
        digits=len(_DIGIT.findall(shown)),
        quotes=count("“")
        + count("„")
        + count("«")
        + count("「")
        - count("”")
        - count("»")
        - count("」"),
        commas=count(",") + count("、") + count("，"),
        shouts=count("!") + count("?") + count("！") + count("？"),
        words=len(words),
        word_letters=sum(map(len, words)),
        shingles=_shingles(words, is_cjk),
    )


def language_of(text: str) -> int:
    """The `Unit.language` of a text."""
    return _language(text, _WORD.findall(text.lower()))


def trailing_links(text: str) -> tuple[int, bool]:
    """The weight of the links that end a text, and whether the words before them are cut off.

    Links to media and to quoted posts are not counted in a tweet's length; of posts longer than
    280 an embed shows the beginning, with `…` at its end.
    """
    match = _LAST_LINKS.search(text)
    if match is None:
        return 0, text.rstrip().endswith("…")
    count = len(_SHORT.findall(match[0])) + len(_PIC.findall(match[0]))
    return 24 * count, text[: match.start()].rstrip().endswith("…")


def _has_any(text: str, parts: Sequence[str]) -> bool:
    return any(part in text for part in parts)


def _shingles(words: Sequence[str], is_cjk: bool) -> frozenset[str]:
    """What two texts that say the same share: long words, or pairs of characters."""
    if is_cjk:
        letters = "".join(words)
        return frozenset([letters[n : n + 2] for n in range(len(letters) - 1)])
    return frozenset([word for word in words if len(word) > 3])


def _language(text: str, words: Sequence[str]) -> int:
    """A number for the script of a text or, where that is Latin, its language; -1 if unknown."""
    if not text.isascii():
        for char in text[:400:7]:
            if char >= "\u0370" and (script := _script(ord(char))):
                return script
    known = _COMMON_WORDS.intersection(words)
    if not known:
        return -1
    counts = [0] * 10
    for word in known:
        counts[_COMMON[word]] += 1
    return counts.index(max(counts))


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
    if char in ":：↓⬇▼👇→" or text.endswith(("⬇️", "👇🏻", "👇🏼", "👇🏽")):
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


EMPTY = describe("")
