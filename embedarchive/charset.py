"""Bytes → text with the encoding that was used, and back to byte offsets. Pure.

The order is that of the WHATWG standard: byte order mark, then what the transport or the document
declares, then UTF-8 where it fits, then a guess. Invalid bytes become U+FFFD and are remembered,
so that spans of the text can always be mapped onto the bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .models import Damage
from .tokenizer import START, attributes, tokenize

PRESCAN_BYTES = 16384
"""How far into a page a `<meta charset>` is looked for; browsers stop at 1024 at the least, and
saved pages put banners in front."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the UTF-16 mark, hence first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Labels that the web uses for a superset of what they name (WHATWG Encoding, "names and labels").
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Python has codecs that are no character sets of documents (rot13, idna, ...).
_CHARSETS = re.compile(
    r"utf-(8|16|32)(-[lb]e)?|cp[0-9]+|iso8859-[0-9]+|koi8-[rut]|mac-[a-z]+|gb18030|hz|big5hkscs"
    r"|euc_jp|iso2022_(jp|kr)|ptcp154|tis-620"
)

# What the web is written in besides UTF-8, the likelier first (W3Techs); it breaks ties.
_GUESSES = (
    "cp1252", "cp1251", "cp932", "gb18030", "cp949", "euc_jp", "big5hkscs",
    "cp1250", "cp1254", "cp1256", "cp1253", "cp1255", "cp874", "koi8_r",
)  # fmt: skip

_CHARSET_IN_CONTENT = re.compile(
    r"charset\s*+=\s*+(?:\"([^\"]++)\"|'([^']++)'|([^\"'\s;][^\s;]*+))", re.I
)
_XML = re.compile(rb"\A<\?xml[^>]{1,100}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_:.+-]{1,40})")
_NON_ASCII = re.compile(rb"[\x80-\xff]+")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    bom: int
    damage: tuple[Damage, ...]


def decode(content: bytes, *, declared: str | None = None, is_html: bool = False) -> Decoded:
    """Decode a document whose encoding is not known for sure; never fails.

    `declared` is the charset of a Content-Type header. A declaration that the bytes belie
    (it names UTF-8 and they are not, or the other way round) loses to the bytes.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return decode_as(content, encoding, bom=len(mark))
    return decode_as(content, _encoding(content, declared, is_html))


def decode_as(content: bytes, encoding: str, *, bom: int = 0) -> Decoded:
    """Decode with a known encoding; each byte or sequence that is invalid becomes one U+FFFD."""
    body = content[bom:] if bom else content
    try:
        return Decoded(body.decode(encoding), encoding, bom, ())
    except UnicodeDecodeError:
        pass
    decode_damaged = _decode_damaged_utf8 if encoding == "utf-8" else _decode_damaged
    text, damage = decode_damaged(body, encoding)
    shifted = tuple(Damage(d.at, d.start + bom, d.end + bom) for d in damage)
    return Decoded(text, encoding, bom, shifted)


def byte_offsets(
    text: str, encoding: str, bom: int, damage: Sequence[Damage], indices: Iterable[int]
) -> list[int]:
    """The byte offset in the document of each character index; `indices` must be ascending."""
    offsets = []
    at, byte = 0, bom
    broken = iter(damage)
    following = next(broken, None)
    for index in indices:
        while following is not None and following.at < index:
            at, byte = following.at + 1, following.end
            following = next(broken, None)
        byte += len(text[at:index].encode(encoding, "surrogatepass"))
        at = index
        offsets.append(byte)
    return offsets


def codec_name(label: str) -> str | None:
    """Python's codec for a charset label as the web means it; None for an unknown label."""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if _CHARSETS.fullmatch(name) else None


def _encoding(content: bytes, declared: str | None, is_html: bool) -> str:
    label = codec_name(declared) if declared else None
    if label is None and is_html:
        label = declared_in_html(content)
    if not _NON_ASCII.search(content) and b"\0" not in content:
        # Only ASCII: every superset reads it alike, but a 7-bit charset does not.
        return label if label in ("iso2022_jp", "iso2022_kr", "hz") else "utf-8"
    if label and not label.startswith("utf-8"):
        return label
    return _from_bytes(content, prefer_utf8=label is not None)


def declared_in_html(content: bytes) -> str | None:
    """The charset that a page's `<meta>` or XML declaration names, as a codec; None without one."""
    head = content[:PRESCAN_BYTES]
    xml = _XML.match(head)
    labels = [xml[1].decode("ascii")] if xml else _labels_in_meta(head.decode("latin-1"))
    for label in labels:
        name = codec_name(label)
        if name is not None:
            # A page that could be read this far is not UTF-16, whatever it says (WHATWG).
            return "utf-8" if name.startswith("utf-16") else name
    return None


def _labels_in_meta(head: str) -> Iterator[str]:
    for token in tokenize(head):
        if token.name != "meta" or token.kind != START:
            continue
        given = {a.name: a.value for a in reversed(list(attributes(head, token)))}
        if "charset" in given:
            yield given["charset"]
        elif given.get("http-equiv", "").lower() == "content-type":
            match = _CHARSET_IN_CONTENT.search(given.get("content", ""))
            if match:
                yield match[1] or match[2] or match[3]


def _from_bytes(content: bytes, *, prefer_utf8: bool) -> str:
    sample = content[: 1 << 18]
    wide = _wide_encoding(sample)
    if wide is not None:
        return wide
    if _is_utf8(sample):
        return "utf-8"
    good, bad = _utf8_evidence(sample)
    if bad == 0 or good > bad or (prefer_utf8 and good >= bad):
        return "utf-8"
    return _guess(sample)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf8_evidence(content: bytes) -> tuple[int, int]:
    """How many runs of non-ASCII bytes are valid UTF-8, and how many are not."""
    good = bad = 0
    for run in _NON_ASCII.finditer(content):
        try:
            run[0].decode("utf-8")
            good += 1
        except UnicodeDecodeError as error:
            # A sample that ends inside a character is not invalid for that.
            if run.end() == len(content) and error.reason == "unexpected end of data":
                continue
            bad += 1
    return good, bad


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark shows as a NUL in every other byte of mostly Latin text."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    pairs = max(len(sample) // 2, 1)
    if odd / pairs > 0.4 and even / pairs < 0.1:
        return "utf-16-le"
    if even / pairs > 0.4 and odd / pairs < 0.1:
        return "utf-16-be"
    return None


def _guess(sample: bytes) -> str:
    # Imported here to keep start-up fast: only undeclared, non-UTF-8 input needs it.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    matches = from_bytes(sample[: 1 << 15], cp_isolation=list(_GUESSES))
    # Encodings that read the sample alike come as one match, under the first one's name.
    ranked = [
        (round(match.chaos, 2), _GUESSES.index(name))
        for match in matches
        for name in match.could_be_from_charset
        if name in _GUESSES
    ]
    name = _GUESSES[min(ranked)[1]] if ranked else _GUESSES[0]
    return codec_name(name) or name


def _decode_damaged_utf8(content: bytes, encoding: str) -> tuple[str, list[Damage]]:
    """One U+FFFD for each invalid byte, at the speed of the built-in decoder."""
    escaped = content.decode(encoding, "surrogateescape")
    damage = []
    at = byte = 0
    for match in _ESCAPED_BYTE.finditer(escaped):
        byte += len(escaped[at : match.start()].encode(encoding))
        damage.append(Damage(match.start(), byte, byte + 1))
        at, byte = match.end(), byte + 1
    return _ESCAPED_BYTE.sub("\ufffd", escaped), damage


def _decode_damaged(content: bytes, encoding: str) -> tuple[str, list[Damage]]:
    """One U+FFFD for each invalid sequence; small windows after one keep this linear."""
    pieces: list[str] = []
    damage: list[Damage] = []
    at = byte = 0
    window = 64
    while byte < len(content):
        chunk = content[byte : byte + window]
        is_last = byte + window >= len(content)
        try:
            piece, used, broken = chunk.decode(encoding), len(chunk), 0
            window = min(window * 2, 1 << 20)
        except UnicodeDecodeError as error:
            used = error.start
            piece = chunk[:used].decode(encoding)
            # An incomplete character at the window's edge is read again in the next window.
            at_edge = not is_last and len(chunk) - error.start < 4
            broken = 0 if at_edge and used else error.end - error.start
            window = 64
        pieces.append(piece)
        at += len(piece)
        byte += used
        if broken:
            pieces.append("\ufffd")
            damage.append(Damage(at, byte, byte + broken))
            at, byte = at + 1, byte + broken
    return "".join(pieces), damage
