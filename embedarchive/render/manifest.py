"""What the pages of a folder were made from: so a page whose inputs are the same is not made again.

Two digests for each file: of its inputs, our own code among them, and of its bytes. A file that
somebody changed, or a manifest that does not read, only means that a page is made again.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from ..models import ArticleRecord, PostRecord, StoredReference

NAME = ".embedarchive.json"

_LIBRARIES = ("jinja2", "markupsafe", "markdown-it-py")
_OURS = (".py", ".html", ".css", ".js", ".json")


class Made(NamedTuple):
    """How a file came to be: what it was made from, what it is."""

    inputs: str
    output: str
    note: str
    """What its maker wants to know of it without making it again."""


class Manifest:
    """The digests that the last run left, and those that this one leaves."""

    def __init__(self, content: bytes | None) -> None:
        self._before = _read(content)
        self._after: dict[str, Made] = {}

    def made_from(self, name: str, inputs: str) -> Made | None:
        """How the last run made the file, if from these inputs."""
        before = self._before.get(name)
        return before if before and before.inputs == inputs else None

    def keep(self, name: str, made: Made) -> None:
        """Hand it on to the next run."""
        self._after[name] = made

    def content(self) -> bytes:
        """One line for each file, in order of their names."""
        lines = (f"{json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(self._after.items()))
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _read(content: bytes | None) -> dict[str, Made]:
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: Made(*made)
        for name, made in found.items()
        if isinstance(made, list) and len(made) == 3 and all(isinstance(one, str) for one in made)
    }


def inputs_of(*values: object) -> str:
    """The digest of values whose `repr` tells all about them, and of the code that reads them."""
    made = sha256(_code().encode())
    for value in values:
        made.update(repr(value).encode(errors="surrogatepass"))
        made.update(b"\0")
    return made.hexdigest()[:32]


def inputs_of_post(record: PostRecord) -> str:
    return inputs_of(record, _raws(record.references))


def inputs_of_article(record: ArticleRecord, posts: list[str]) -> str:
    """`posts` are the inputs of the posts that it refers to, in order."""
    return inputs_of(record, _raws(record.references), posts)


def _raws(references: tuple[StoredReference, ...]) -> list[str]:
    """What `repr` leaves out of a reference: it is a range of an article that need not be given."""
    return [stored.reference.raw for stored in references]


@cache
def _code() -> str:
    """A digest of this package and of what it renders with."""
    made = sha256(f"{sys.version_info[:2]} {[version(name) for name in _LIBRARIES]}".encode())
    package = files(__package__.rpartition(".")[0])
    for name, file in sorted(_files(package, "")):
        made.update(f"{name}\0".encode())
        made.update(file.read_bytes())
    return made.hexdigest()


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_OURS):
            found.append((prefix + entry.name, entry))
    return found
