"""The byte patterns that networks and forms name: their notation, and what JSON makes of them.

A pattern is a regular expression of the part that `re` and Hyperscan share: no groups that are
referred to, no assertions, no possessive quantifiers. It is lower case and ASCII, matches bytes in
which ASCII is ASCII, and says what must stand there, never what must not stand around it: so what
matches in a part matches in the whole, and of many texts one behind the other at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

SLASH = r"(?:[/\\]|%(?:25){0,3}2f|2f|&(?:#0{0,4}47|#x0{0,4}2f|sol);){1,12}"
"""What separates the parts of a URL, also inside another URL, a JSON string or an attribute.

A lone `2f` is what is left where a wrapper lost its per cent signs.
"""
AT = r"(?:@|%(?:25){0,3}40|&(?:#0{0,4}64|#x0{0,4}40|commat);)"
EQUALS = r"(?:=|%(?:25){0,3}3d|&(?:#0{0,4}61|#x0{0,4}3d|equals);)"

_TOKEN = re.compile(
    r"(?P<class>\[(?P<is_not>\^?)(?P<members>(?:\\.|[^\]\\])+)\])|(?P<escape>\\.)"
    r"|(?P<times>\{(?P<least>[0-9]+)(?P<most>,[0-9]*)?\}\??|[*+]\??)|(?P<other>.)",
    re.DOTALL,
)
_ESCAPED = "/<>&'=+@`\""
"""What encoders are known to escape that need not; and the quotation mark, which must be."""
_BLANK = r"(?:\\(?:[nrtf]|u00(?:09|0[a-d]|20)))"
_FEW = 9
_NEAR = 20
"""Blanks between two words. Bounded, the word that is seldom is looked for and the other behind it;
else a pattern of two words has to be followed from the first byte of a text to the last."""
_LONGEST_ESCAPE = 6
"""Characters of `\\u2014` for the one byte, or more, that it stands for."""


ENOUGH = r"(?:)"
"""Up to here a pattern is sharp enough for JSON: what follows would make its escapes costly."""


def literal(text: bytes) -> str:
    """The pattern of an ASCII byte string."""
    return re.escape(text.decode("ascii")).replace("\\\n", r"\n").replace("\\\r", r"\r")


def pattern_of(patterns: Iterable[str]) -> re.Pattern[bytes]:
    """One regular expression for lower-case bytes that hold any of the patterns."""
    return re.compile("|".join(patterns).encode("ascii"), re.DOTALL)


def in_bytes(pattern: str) -> str:
    """A pattern that matches at least where `pattern` does, as Hyperscan has it small and fast.

    How often a character of a class may come is no longer bounded; what may be nearly any byte
    stays bounded, or it would reach from one text into the next, and so do blanks between words.
    """
    return "".join(_written(pattern.replace(ENOUGH, ""), _same, longest=1))


def in_json(pattern: str) -> str:
    """The same for JSON as it is stored: it matches where `pattern` matches in a string's value.

    It minds the escapes that encoders write: `\\n`, `\\"`, `\\/`, `\\u2014`, `\\u003c`. Letters and
    digits that are escaped without need are no encoder's; see `NEEDLESS_ESCAPES`.
    """
    short, _, _ = pattern.partition(ENOUGH)
    return "".join(_written(short, _character_in_json, longest=_LONGEST_ESCAPE))


def _written(pattern: str, character: Callable[[str], str], longest: int) -> list[str]:
    written: list[str] = []
    is_any = is_blank = False
    for token in _TOKEN.finditer(pattern):
        if token["times"] is not None:
            few = _NEAR if is_blank else _FEW
            written.append(_times(token, longest if is_any else 0, few))
            continue
        is_any, is_blank = token[0] == "." or bool(token["is_not"]), token[0] == r"\s"
        if not is_any:
            write = _class if token["class"] is not None else _single
            written.append(write(token, character))
        elif longest > 1:
            written.append(_any_in_json(token, pattern[token.end() : token.end() + 1]))
        else:
            written.append(token[0])
    return written


def _any_in_json(token: re.Match[str], behind: str) -> str:
    """What may be nearly any byte may be any escape; those are made of letters and digits."""
    if behind not in ("{", "*", "+", "?") and "0-9" in token[0]:
        return rf"(?:{token[0]}|\\u[0-9a-f]{{4}}|\\[^u])"
    left = token[0].replace("a-z", "").replace("0-9", "")
    return "." if left == "[^]" else left


def _single(token: re.Match[str], character: Callable[[str], str]) -> str:
    return character(token[0])


def _same(token: str) -> str:
    return token


def _character_in_json(written: str) -> str:
    if written in (r"\s", r"\n", r"\r", r"\t"):
        return f"(?:{written}|{_BLANK})"
    if written == r"\\":
        return r"(?:\\\\|\\u005c)"
    character = written.removeprefix("\\")
    if character in _ESCAPED:
        backslash = r"\\?" if character in '/"' else ""
        return rf"(?:{backslash}{re.escape(character)}|\\u00{ord(character):02x})"
    return written


def _class(token: re.Match[str], character: Callable[[str], str]) -> str:
    members = re.findall(r"\\.|.", token["members"])
    others = [(member, character(member)) for member in members]
    changed = [new for member, new in others if new != member]
    return f"(?:{'|'.join([token['class'], *changed])})" if changed else token["class"]


def _times(token: re.Match[str], longest: int, few: int) -> str:
    """How often a character may come, of which each byte may be `longest` bytes; 0: any number.

    Up to `few` times stay as they are.
    """
    if token["least"] is None:
        return token[0]
    least, most = int(token["least"]), int((token["most"] or token["least"]).lstrip(",") or 0)
    if longest:
        return f"{{{least},{most * longest}}}" if most > 1 or longest > 1 else token[0]
    if most <= few or least == most:
        return token[0]
    return "*" if least == 0 else f"{{{least},}}"


NEEDLESS_ESCAPES = r"\\u00(?:2[0134589acde]|3[0-9abf]|4[1-9a-f]|5[0-9abdef]|6[1-9a-f]|7[0-9a-d])"
"""ASCII characters that no encoder escapes, but any may: JSON that does could hide anything."""
