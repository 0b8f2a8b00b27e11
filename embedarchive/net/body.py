"""Headers and chunks of a body as they came → text, and the decoded body; never more in memory
than the cap. Pure.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence

from ..errors import TooLarge, UnexpectedResponse

_GZIP = 31
"""zlib's window bits for a gzip header and trailer."""


def read_headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as text, under lower-case names; several of one name as one with commas."""
    fields: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("ascii").lower(), _text(value)
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _text(value: bytes) -> str:
    """RFC 9110, 5.5: ASCII; what else is sent is UTF-8 or of old ISO 8859-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def decoded(headers: Mapping[str, str], chunks: Iterable[bytes], limit: int) -> bytes:
    """The body after its Content-Encoding; gzip is the only one we ask for.

    One layer and one gzip member is decoded; what follows the member is dropped. Raises TooLarge
    above `limit` bytes, compressed or not, and UnexpectedResponse for another or broken encoding.
    """
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise UnexpectedResponse(f"encoded as {encoding[:40]}, not asked for", host="")
    inflater = zlib.decompressobj(_GZIP) if "gzip" in encoding else None
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and len(declared) < 20 and int(declared) > limit:
        raise TooLarge(f"a body of {declared} bytes, more than {limit}", host="")
    parts: list[bytes] = []
    raw = size = 0
    for chunk in chunks:
        raw += len(chunk)
        part = chunk
        if inflater:
            try:
                part = inflater.decompress(chunk, limit + 1 - size)
            except zlib.error as error:
                raise UnexpectedResponse(f"not gzip: {error}", host="", payload=chunk) from error
        size += len(part)
        parts.append(part)
        if size > limit or raw > limit:
            raise TooLarge(f"a body of more than {limit} bytes", host="")
    if inflater and raw and not inflater.eof:
        raise UnexpectedResponse("the body ends in mid-compression", host="")
    return b"".join(parts)
