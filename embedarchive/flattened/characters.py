"""The classes of a text's first and last characters. Pure."""

from __future__ import annotations

import re

EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
OPENERS = "\"“„«‘'「『【(（[［"
CLOSERS = "\"”»’'」』】)）]］"

_FIRST = {char: number for chars, number in (("@", 9), ("#＃", 8), (OPENERS, 5)) for char in chars}
_LAST = {
    char: number
    for chars, number in (
        # What points at something below does the work of a colon.
        (":：↓⬇▼👇→", 1),
        (".。", 2),
        ("!?！？", 3),
        ("…", 4),
        (",;、，；", 5),
        (CLOSERS, 6),
        ("\ufe0f", 7),
    )
    for char in chars
}
_POINTERS = ("⬇️", "👇🏻", "👇🏼", "👇🏽")


def first_class(text: str) -> int:
    """The class of a text's first character, 1 to 10; 0 of an empty text."""
    if not text:
        return 0
    char = "@" if text.startswith(".@") else text[0]
    if (number := _FIRST.get(char)) is not None:
        return number
    if text.startswith(("http", "pic.twitter", "t.co/")):
        return 6
    if char.isalpha():
        return 4 if char.isupper() else 2 if char.islower() else 10
    return 7 if EMOJI.match(char) else 3 if char.isdigit() else 1


def last_class(text: str) -> int:
    """The class of a text's last character, links counting as one, 1 to 13; 0 of an empty text."""
    if not text:
        return 0
    char = text[-1]
    number = 1 if text.endswith(_POINTERS) else 4 if text.endswith("...") else _LAST.get(char)
    if number is not None:
        return number
    return 7 if EMOJI.match(char) else _last_word_class(text[-60:].rsplit(None, 1)[-1], char)


def _last_word_class(word: str, char: str) -> int:
    if "pic.twitter.com/" in word:
        return 13
    if "t.co/" in word:
        return 12
    if "http" in word:
        return 11
    if word.startswith(("#", "@", "＃")):
        return 10
    return 8 if char in "-–—>" else 9
