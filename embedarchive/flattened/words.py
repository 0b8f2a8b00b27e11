"""Words by which articles lead in tweets, and by which people and accounts are told. Pure.

From general knowledge of the languages that articles with tweets come in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .languages import COMMONEST

_WORD = re.compile(r"[^\W0-9_]{2,}")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# What articles put before tweets.
_CUES = _words(
    "tweet tweets tweeted tweeting tweeter twitter retweeted posted post posts thread reply",
    "replied replies screenshot tuit tuits tuiteó tuiteo tuitear tweetet twitterte twittert",
    "twitterten getwittert getwitterd postete posteten gepostet tweetou tuitou postou tuíte",
    "tweeta tweeté twitta twittato kicauan cuitan utas твит твиты твиттере твиттер твитнул твіт",
    "твіттері تويتر توییت توییتر تغريدة تغريدته paylaştı paylaşımı tweeti tweetinde tweetler",
    "twitteru",
)
_CUE_PARTS = ("ツイ", "つぶや", "呟", "推特", "推文", "트윗", "트위터", "ポスト")

# What they put before or behind quotations.
_SAYS = _words(
    "wrote write writes writing said says saying asked asks added adds told tells followed below",
    "following via see watch responded announced shared quipped joked like escribió escribe dijo",
    "dice publicó anunció schrieb schreibt schreiben sagte sagt meint meinte écrit publié déclaré",
    "ajouté escreveu escreve disse diz yazdı yazmış yazan dedi diyor napisał pisze napsal napsala",
    "написал написала написали сказал menulis kata ujar tulis ha scritto نوشت كتب کتب",
)
_SAYS_PARTS = ("言っ", "書い", "写道", "表示", "说", "曰く", "썼", "말했", "남겼", "올렸")

# By which people speak of themselves and to each other, as tweets do more than articles.
_PERSONS = _words(
    "my me we our us you your im ive ich mein meine mir mich wir uns du dein euch ihr yo mi mis",
    "nos nosotros tu te je mon ma mes nous vous notre moi eu meu minha nosso você vocês ben benim",
    "biz bizim siz sen aku saya kami kita kamu io mio mia noi voi ik mijn wij jij ons ja mój moja",
    "nasz ty wy я мне мой моя мы нас вы ты أنا نحن من ما",
)
_PERSONS_PARTS = ("私", "僕", "俺", "自分", "我", "你", "나는", "저는", "우리")

# What many accounts' names hold beside the words that tell whose they are.
_GENERIC = _words(
    "news official daily times online live today media world tv radio press club team group",
    "real army black lives matter stan blm dr mr mrs phd inc ltd app bot fan fans new big blog",
    "nachrichten noticias journal report show magazine sports sport club university city",
)


def words_of(low: str) -> list[str]:
    """The words of a text in small letters; where words are not separated, its stretches."""
    return _WORD.findall(low)


def is_unseparated(text: str) -> bool:
    """Whether a text is in a script whose words `words_of` cannot tell apart."""
    return _CJK.search(text) is not None


def has_cue(text: str, words: Iterable[str], unseparated: bool) -> bool:
    """Whether a text has a word that articles put before tweets (`tweeted`)."""
    return not _CUES.isdisjoint(words) or (unseparated and _has_any(text, _CUE_PARTS))


def has_speech(text: str, words: Iterable[str], unseparated: bool) -> bool:
    """Whether a text has a verb that articles put before or behind quotations."""
    return not _SAYS.isdisjoint(words) or (unseparated and _has_any(text, _SAYS_PARTS))


def count_persons(text: str, words: Iterable[str], unseparated: bool) -> int:
    """How often a text speaks of `I`, `we` or `you`."""
    count = text.count("I ") + text.count("I'") + text.count("I’")
    count += sum(map(_PERSONS.__contains__, words))
    return count + (sum(map(text.count, _PERSONS_PARTS)) if unseparated else 0)


def telling_parts(name: str) -> list[str]:
    """The parts of an account's name by which an article may call it: `Wave` of `The Wave`."""
    parts = []
    for part in re.findall(r"[^\W0-9_]+", name):
        if is_unseparated(part):
            parts += [part] if len(part) > 1 else []
        elif len(part) > 2 and (low := part.lower()) not in COMMONEST and low not in _GENERIC:
            parts.append(part if part[0].isupper() else part.capitalize())
    return parts


def holds_one(text: str, names: Sequence[str]) -> bool:
    """Whether a text holds one of these names as a word."""
    for name in names:
        at = text.find(name)
        if at >= 0 and (is_unseparated(name) or _is_word(text, at, at + len(name))):
            return True
    return False


def _is_word(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


def _has_any(text: str, parts: Sequence[str]) -> bool:
    return any(part in text for part in parts)
