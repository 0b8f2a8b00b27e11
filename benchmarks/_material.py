"""The shared measuring material → Python values, and Documents for the scanner. Never writes."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from embedarchive.models import Document, Kind, Reference

MEDIA_TYPES = {"html": "text/html", "markdown": "text/markdown"}
"""Of a sample's `format`; the others are plain text."""


def shared_folder(named: str | None) -> Path:
    """The folder named, or EMBEDARCHIVE_SHARED, or `shared` beside the checkout.

    Ends the run with a word where it is absent: without it nothing can be measured.
    """
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(named or os.environ.get("EMBEDARCHIVE_SHARED") or beside)
    if not (folder / "evalset").is_dir():
        sys.exit(f"{folder}: no measuring material here; name its folder with --shared")
    return folder


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def read_pages(shared: Path) -> dict[str, str]:
    """Document name → HTML source, for every page of the open set."""
    pages = {}
    with tarfile.open(shared / "evalset" / "dev_html.tar.gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                pages[Path(member.name).stem] = stream.read().decode("utf-8")
    return pages


@cache
def load_scorer(shared: Path) -> ModuleType:
    """The set's own scorer, so that figures from here and from elsewhere are the same figures."""
    spec = importlib.util.spec_from_file_location("score", shared / "evalset" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_document(text: str, media_type: str = "text/plain") -> Document:
    """A document as the readers would make it of `text`."""
    content = text.encode("utf-8", "surrogatepass")
    return Document("benchmark", media_type, "utf-8", content, text, "sha256:" + "0" * 64)


def embeds_of_x(references: list[Reference]) -> Iterator[Reference]:
    """What is called an embed of X: found whole, or known to have been lost."""
    for reference in references:
        is_embed = reference.kind in (Kind.EMBED, Kind.UNRESOLVED)
        if is_embed and reference.claim.network == "x":
            yield reference


def squeeze(text: str | None) -> str:
    """Text without white space, the invisible kind included: how texts are compared."""
    return "".join((text or "").replace("\u200b", "").split())
