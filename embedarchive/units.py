"""Sources → units of work: a piece of a large file, a file, or some small ones.

What is a unit depends on the files alone, never on who works: what one run has done, any other
run may skip.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from .documents import STDIN, divisible, expand, is_url
from .models import Manner, Piece, Reading, Reference
from .table import SCHEMA
from .terms import SCANNER_VERSION

_LARGE = 4 << 20
"""Bytes from which on a file is a unit of its own; below, files share one."""
_MOST_FILES = 512
_PIECE = 32 << 20
"""Bytes of a piece at the most: a third of a second's work, so that all workers end together."""
_MOST_PIECES = 4096
"""Of one file; larger files have larger pieces."""


@dataclass(frozen=True, slots=True)
class Options:
    """How sources are read and which references are wanted; goes to other processes as it is."""

    manner: Manner = field(default_factory=Manner)
    kinds: tuple[str, ...] = ()
    """Only references of these; empty: all."""
    min_confidence: float = 0.0

    def wants(self, reference: Reference) -> bool:
        """Whether a reference is one of those that were asked for."""
        is_of_kind = not self.kinds or reference.kind.value in self.kinds
        return is_of_kind and reference.claim.confidence >= self.min_confidence


@dataclass(frozen=True, slots=True)
class Unit:
    """What one worker reads at once."""

    sources: tuple[str, ...]
    size: int
    """Bytes on disk."""
    key: str | None
    """Tells whether it was done: names, sizes, times of change and options. None: not known."""
    piece: Piece | None = None
    """Of its one source."""

    @property
    def name(self) -> str:
        """Of its file, while it is a part."""
        key = self.key or hashlib.sha256("\n".join(self.sources).encode()).hexdigest()
        return f"{key}.parquet"

    @property
    def is_behind(self) -> bool:
        """Whether it goes on where the unit in front of it ends, in the same file."""
        return self.piece is not None and self.piece.start > 0


class _File(NamedTuple):
    name: str
    size: int = 0
    changed: int = 0


def units_of(sources: Iterable[str], options: Options) -> Iterator[Unit]:
    """Sources as units, in order, each once; URLs and standard input are known by no key.

    Raises UsageError where the options ask for what there is not.
    """
    reading = Reading.of(options.manner)
    held: list[_File] = []
    for source in dict.fromkeys(expand(sources, reading)):
        if source == STDIN or is_url(source):
            yield from _held(held, options)
            held = []
            yield Unit((source,), 0, None)
            continue
        file = _file(source)
        if file.size >= _LARGE:
            yield from _held(held, options)
            held = []
            yield from _pieces(file, options)
            continue
        held.append(file)
        if len(held) >= _MOST_FILES or sum(file.size for file in held) >= _LARGE:
            yield from _held(held, options)
            held = []
    yield from _held(held, options)


def _file(name: str) -> _File:
    with suppress(OSError, ValueError):
        status = os.stat(name)
        return _File(name, status.st_size, status.st_mtime_ns)
    return _File(name)


def _held(files: Sequence[_File], options: Options) -> Iterator[Unit]:
    if files:
        key = _key(files, options)
        yield Unit(tuple(file.name for file in files), sum(file.size for file in files), key)


def _pieces(file: _File, options: Options) -> Iterator[Unit]:
    """A file, or where its reader can begin in the middle of it, pieces of about one size."""
    count = min(-(-file.size // _PIECE), _MOST_PIECES)
    if count == 1 or divisible(file.name, Reading.of(options.manner)) is None:
        yield from _held([file], options)
        return
    for number in range(count):
        piece = Piece(file.size * number // count, file.size * (number + 1) // count)
        key = _key([file], options, piece)
        yield Unit((file.name,), piece.stop - piece.start, key, piece)


def _key(files: Sequence[_File], options: Options, *piece: Piece) -> str:
    told = json.dumps([SCANNER_VERSION, SCHEMA.names, asdict(options), files, *piece])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
