"""One unit of work: reading and scanning it, into a file. What every engine's workers do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from .documents import read_all
from .finding import find
from .models import Fetcher, Reading
from .parts import Summary, Writer
from .sifting import sifted
from .streams import BUFFER
from .table import Row, batch_of, rows_of
from .units import Options, Unit

_GROUP = 16_384
"""Rows of a row group."""


def scan_unit(
    unit: Unit,
    options: Options,
    path: Path,
    *,
    on_bytes: Callable[[int], None],
    fetch: Fetcher | None = None,
    stdin: BinaryIO | None = None,
    is_kept: bool = True,
) -> Summary:
    """Read and scan a unit into a file; one that is kept tells the digest of what was read.

    Raises UsageError where the options ask for what there is not.
    """
    summary = Summary(unit.key, unit.sources[0], len(unit.sources), unit.size, unit.piece)
    summary.digest = _digest(unit) if is_kept and unit.key else None
    reading = replace(
        sifted(Reading.of(options.manner)),
        on_bad=summary.fail,
        on_skipped=summary.skip,
        on_bytes=on_bytes,
        on_rows=summary.count if unit.piece else lambda rows: None,
    )
    with Writer(path) as writer:
        rows: list[Row] = []
        for document in read_all(unit.sources, reading, fetch=fetch, stdin=stdin, piece=unit.piece):
            summary.documents += 1
            for found_in, references in find(document, reading):
                rows += rows_of(found_in, filter(options.wants, references))
            if len(rows) >= _GROUP:
                summary.references += len(rows)
                writer.add(batch_of(rows))
                rows = []
        summary.references += len(rows)
        writer.add(batch_of(rows))
        summary.groups = writer.groups
        writer.finish([summary], is_kept=is_kept)
    return summary


def _digest(unit: Unit) -> str | None:
    lines: list[bytes] = []
    for source in unit.sources:
        try:
            digest = _digest_of(source, *unit.piece or ())
        except (OSError, ValueError):
            return None  # reading it says what is wrong
        if len(unit.sources) == 1:
            return f"sha256:{digest}"
        lines.append(f"{digest}  ".encode() + os.fsencode(source) + b"\n")
    return "sha256:" + hashlib.sha256(b"".join(lines)).hexdigest()


def _digest_of(path: str, start: int = 0, stop: int | None = None) -> str:
    with open(path, "rb", buffering=0) as file:
        if stop is None:
            return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256()
        file.seek(start)
        while start < stop and (chunk := file.read(min(BUFFER, stop - start))):
            digest.update(chunk)
            start += len(chunk)
        return digest.hexdigest()
