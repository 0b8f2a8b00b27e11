"""Two texts → whether they are the same post's, and where they differ; any text → safe to print.

The one place that says when texts agree. It forgives what extractors, editors and the service's
own display do to a text (white space, quote shapes, escapes, link targets), and nothing else.
Pure; never changes what is stored or shown on a page.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from .twitter_text import find_urls

AGREES_FROM = 0.8
"""Of 1436 extracted texts of 787 posts all reach 0.95 with their own source; of 5937 pairs of posts
by one author the closest reaches 0.60. (Without their codes, templates reach 0.92: `#53`, `#65`.)
"""
SHORTEST_PART = 16
"""Characters, white space apart, that the beginning or end of a post must have to count, where no
code ties the two texts together."""
_PART_WEIGHT = 0.95
_OTHER_CODES = 0.5
"""The most that texts can agree which both carry codes and share none."""

_QUOTES = dict.fromkeys("‘’‚‛′´ʼʹ‹›", "'") | dict.fromkeys("“”„‟″«»〝〞", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣⸺⸻", "-")
_FOLDED = str.maketrans(_QUOTES | _DASHES)
_MARKS = str.maketrans("", "", "*_~`\\[]<>&")
"""What Markdown adds or escapes. The ampersand goes too, so that nothing can be unescaped twice."""

_LONG_REFERENCE = re.compile(r"&#(?=[0-9]{9}|[Xx][0-9A-Fa-f]{9})")
"""`html.unescape` raises ValueError for a number of more than 4300 digits."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls but white space, format characters, variation selectors, fillers, tags."""
_LINK_TARGET = re.compile(
    r"\]\((?:https?:/|/|#|mailto:)[^\s()<>]{0,1000}(?: \"[^\"\n]{0,200}\")?\)"
)
_REPEATED = re.compile(r"--++|\"\"++")
_CODE = re.compile(r"(?:\bt\.co|pic\.(?:twitter|x)\.com)/([A-Za-z0-9]{7,10})", re.ASCII)
_REPLY_LINE = re.compile(r"\A(?:@[A-Za-z0-9_]{1,20}(?: |\Z))++")
_ROUNDS = 4
"""Passes after which a text whose entities hide entities is left as it is."""
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]"
)
_MOST_COMPARED = 400
"""difflib takes quadratic time and worse; the longest ordinary post has about 60 words."""


def normalise(text: str) -> str:
    """What of a text counts when it is compared; case is kept, links are dropped.

    Entities are unescaped (twice at most), invisible and Markdown characters dropped, quotes and
    dashes unified, compatibility forms folded (NFKC), white space collapsed, a trailing ellipsis
    cut. Stable: a normalised text stays as it is.
    """
    for _ in range(_ROUNDS):
        before, text = text, _normalised_once(text)
        if text == before:
            break
    return text


def codes(text: str) -> tuple[str, ...]:
    """The t.co and pic codes in a text, in order, without duplicates; glued links are cut at 10."""
    return tuple(dict.fromkeys(_CODE.findall(text)))


def agreement(claimed: str, true: str, *, true_codes: Iterable[str] = ()) -> float:
    """How far two texts are the same post's, 0 to 1; symmetric but for `true_codes`.

    1 for the same words; less for a text of which one holds only the beginning or the end (cut
    with `…`, or found with wrong bounds), and the less the more characters differ. Codes that
    both carry and do not share set them apart, and a text of nothing but links agrees only by its
    codes; `true_codes` are those the post is known to carry beside its text.
    """
    left, right = _squeezed(claimed), _squeezed(true)
    ours, theirs = {*codes(claimed)}, {*codes(true), *true_codes}
    if not left or not right:
        return 1.0 if ours & theirs or claimed.strip() == true.strip() else 0.0
    shorter, longer = sorted((left, right), key=lambda text: (len(text), text))
    if ours & theirs:
        return _text_agreement(shorter, longer, shortest_part=1)
    bound = _OTHER_CODES if ours and theirs else 1.0
    return min(bound, _text_agreement(shorter, longer, shortest_part=SHORTEST_PART))


def agrees(claimed: str, true: str, *, true_codes: Iterable[str] = ()) -> bool:
    """Whether two texts are the same post's."""
    return agreement(claimed, true, true_codes=true_codes) >= AGREES_FROM


def difference(claimed: str, true: str) -> list[tuple[str, str]]:
    """Where two texts differ, word by word: `equal`, `delete` (claimed only), `insert` (true only).

    Both are normalised first; the words of `equal` and `delete` make the claimed text again, those
    of `equal` and `insert` the true one. Between the common beginning and end of texts with more
    than `_MOST_COMPARED` words there, all of the one is deleted and all of the other inserted.
    """
    ours, theirs = normalise(claimed).split(" "), normalise(true).split(" ")
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    left, right = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    runs = [("equal", ours[:head]), *_compared(left, right), ("equal", ours[len(ours) - tail :])]
    return [(op, " ".join(words)) for op, words in runs if any(words)]


def _compared(ours: list[str], theirs: list[str]) -> list[tuple[str, list[str]]]:
    if max(len(ours), len(theirs)) > _MOST_COMPARED:
        return [("delete", ours), ("insert", theirs)]
    runs: list[tuple[str, list[str]]] = []
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            runs.append((op, ours[i:j]))
        else:
            runs += [("delete", ours[i:j]), ("insert", theirs[k:m])]
    return runs


def _common(ours: list[str], theirs: list[str]) -> int:
    """How many first words two lists share."""
    pairs = zip(ours, theirs, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))


def printable(text: str) -> str:
    """A foreign string for a terminal: no controls but newline and tab, no bidi, no surrogates.

    Each such character is replaced by a visible one: a control picture where Unicode has one (`␛`),
    else U+FFFD; `\\r\\n` becomes `\\n`, and marks that only tell the direction are dropped.
    """
    return _UNPRINTABLE.sub(_picture, text.replace("\r\n", "\n"))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "" if match[0] in "\u061c\u200e\u200f" else "\ufffd"


def _normalised_once(text: str) -> str:
    text = _unescaped(_unescaped(_INVISIBLE.sub("", text)))
    text = unicodedata.normalize("NFKC", text.translate(_FOLDED)).translate(_FOLDED)
    text = _LINK_TARGET.sub("", _INVISIBLE.sub("", text)).translate(_MARKS)
    text = " ".join(_without_links(text).split())
    text = _REPEATED.sub(lambda match: match[0][0], text)
    bare = text.rstrip(" .")
    return bare if text.endswith("...") else text


def _unescaped(text: str) -> str:
    return html.unescape(_LONG_REFERENCE.sub("", text))


def _without_links(text: str) -> str:
    kept, position = [], 0
    for url in find_urls(text):
        shown = text[url.start : url.end]
        if url.has_protocol or "/" in shown or shown.islower():  # not `late.So`: two sentences
            kept.append(text[position : url.start])
            position = url.end + 3 * text.startswith("...", url.end)
    return " ".join([*kept, text[position:]])


def _text_agreement(shorter: str, longer: str, *, shortest_part: int) -> float:
    if shorter == longer:
        return 1.0
    whole = _similarity(shorter, longer)
    if len(shorter) < shortest_part:
        return whole
    beginning, end = longer[: len(shorter)], longer[-len(shorter) :]
    part = max(_similarity(shorter, beginning), _similarity(shorter, end))
    return max(whole, _PART_WEIGHT * part)


def _squeezed(text: str) -> str:
    """Without white space, as extractors glue lines, without case, and without the reply line."""
    text = normalise(text)
    body = _REPLY_LINE.sub("", text)
    return (body or text).replace(" ", "").casefold()


def _similarity(left: str, right: str) -> float:
    """Dice's coefficient of the texts' character trigrams, counted: linear in their length."""
    ours, theirs = _trigrams(left), _trigrams(right)
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total


def _trigrams(text: str) -> Counter[str]:
    padded = f"\x02\x02{text}\x03\x03"
    return Counter(padded[at : at + 3] for at in range(len(padded) - 2))
