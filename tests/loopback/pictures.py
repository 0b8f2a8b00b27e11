"""Small valid pictures and a film, made and not kept: each path gets bytes of its own."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache


@lru_cache(maxsize=256)
def png(width: int, height: int, note: str = "") -> bytes:
    """A PNG of that size, a sky over a dark sea in colours of its own, with a text chunk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    seed = zlib.crc32(note.partition(" ")[0].encode())
    top = [60 + (seed >> shift & 63) for shift in (0, 6, 12)]
    horizon = max(height * 2 // 3, 1)
    lines = [
        bytes(min(c + 120 * y // horizon, 250) if y < horizon else c // 2 for c in top)
        for y in range(height)
    ]
    rows = zlib.compress(b"".join(b"\0" + line * width for line in lines))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"tEXt", b"Comment\0" + note.encode("latin-1", "replace"))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


@lru_cache(maxsize=256)
def jpeg(width: int, height: int, note: str = "") -> bytes:
    """A grey baseline JPEG of that size: every block is "no difference, end of block"."""

    def segment(marker: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data

    one_code = bytes([1] + [0] * 15)
    blocks = -(-width // 8) * -(-height // 8)
    bits = blocks * 2
    scan = bytearray(-(-bits // 8))
    if bits % 8:
        scan[-1] = (1 << (8 - bits % 8)) - 1
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xFE, note.encode("utf-8"))
        + segment(0xDB, b"\0" + b"\x10" * 64)
        + segment(0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0))
        + segment(0xC4, b"\x00" + one_code + b"\0")
        + segment(0xC4, b"\x10" + one_code + b"\0")
        + segment(0xDA, b"\1\1\0\0\x3f\0")
        + bytes(scan)
        + b"\xff\xd9"
    )


@lru_cache(maxsize=64)
def mp4(note: str = "") -> bytes:
    """An MP4 without tracks: valid boxes, nothing to see."""

    def box(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data) + 8) + kind + data

    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    header = struct.pack(">5IIH10x", 0, 0, 0, 1000, 1000, 0x10000, 0x100) + matrix
    header += bytes(24) + struct.pack(">I", 1)
    return (
        box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
        + box(b"moov", box(b"mvhd", header))
        + box(b"free", note.encode("utf-8"))
    )
