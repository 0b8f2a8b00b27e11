"""Character references (`&amp;`, `&#38;`) → the characters that they stand for. Pure."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final

REFERENCE: Final = re.compile(
    r"&(?:#(?:[xX]([0-9a-fA-F]++)|([0-9]++));?|([A-Za-z][A-Za-z0-9]*+);?)"
)
"""What may be a character reference: hexadecimal, decimal or by name."""

_LEGACY_LENGTH = max(len(name) for name in html5 if not name.endswith(";"))
_WINDOWS_1252 = {
    byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(128, 160)
}


def decode(text: str, *, is_attribute: bool = False) -> str:
    """The text with its character references resolved; in attributes `&copy=` stays as it is."""
    if "&" not in text:
        return text
    parts: list[str] = []
    begun = 0
    for found in REFERENCE.finditer(text):
        resolved = resolve_reference(found, is_attribute=is_attribute)
        if resolved is not None:
            character, end = resolved
            parts += (text[begun : found.start()], character)
            begun = end
    parts.append(text[begun:])
    return "".join(parts)


def resolve_reference(
    found: re.Match[str], *, is_attribute: bool = False
) -> tuple[str, int] | None:
    """What a match of `REFERENCE` stands for and where it ends; None for plain text."""
    hexadecimal, decimal, name = found.groups()
    if name is None:
        return _numeric(hexadecimal, 16) if hexadecimal else _numeric(decimal, 10), found.end()
    text, end = found.string, found.end()
    if text.endswith(";", found.start(), end) and name + ";" in html5:
        return html5[name + ";"], end
    for length in range(min(len(name), _LEGACY_LENGTH), 1, -1):
        if name[:length] in html5:
            end = found.start() + 1 + length
            after = text[end : end + 1]
            if is_attribute and (after == "=" or (after.isascii() and after.isalnum())):
                return None
            return html5[name[:length]], end
    return None


def _numeric(digits: str, base: int) -> str:
    digits = digits.lstrip("0")
    # Python refuses to read numbers of thousands of digits; no character needs more than seven.
    number = int(digits or "0", base) if len(digits) < 8 else 0
    if number == 0 or number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return "\ufffd"
    return _WINDOWS_1252.get(number) or chr(number)
