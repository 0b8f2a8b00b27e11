"""The folder of a site: writes files whole or not at all, and only inside. Follows no link."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from ..errors import DiskFull, UsageError
from .manifest import NAME, Made, Manifest

SUBFOLDERS = ("articles", "authors", "media", "posts")
_GENERATED = b'<meta name="generator" content="embedarchive">'
_MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|gif|webp|mp4)")
_LARGEST_PAGE = 64_000_000
_LARGEST_MANIFEST = 512_000_000
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def page_name(key: str) -> str:
    """The file name of a post's page: its key, or a digest where that could be no file name."""
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", key):
        return f"{key}.html"
    return f"post-{sha256(key.encode(errors='surrogatepass')).hexdigest()[:32]}.html"


def article_name(uri: str) -> str:
    """The file name of an article's page: the same for all its versions."""
    return f"{sha256(uri.encode(errors='surrogatepass')).hexdigest()[:16]}.html"


def author_name(network: str, handle: str) -> str:
    """The file name of an author's page: the same however the handle is written."""
    key = f"{network}-{handle.lower()}"
    if re.fullmatch(r"[a-z0-9]{1,20}-[a-z0-9_]{1,40}", key):
        return f"{key}.html"
    return f"author-{sha256(key.encode(errors='surrogatepass')).hexdigest()[:32]}.html"


class Folder:
    """Counts what it writes; `root` is made if absent.

    Raises UsageError where the folder cannot be written, DiskFull where there is no room.
    """

    def __init__(self, root: Path, subfolders: tuple[str, ...] = SUBFOLDERS) -> None:
        self.root = root
        self.written = 0
        self.unchanged = 0
        self.removed = 0
        self._names: set[str] = set()
        self._manifest = Manifest(None)
        if root.is_file():
            raise UsageError(
                f"cannot write {root}: it is a file, not a folder; for one page give --single-file"
            )
        try:
            for folder in (root, *(root / name for name in subfolders)):
                folder.mkdir(parents=folder == root, exist_ok=True)
                if folder != root and folder.is_symlink():
                    raise UsageError(f"{folder} is a symbolic link: remove it or render elsewhere")
            self._manifest = Manifest(_read(root / NAME, at_most=_LARGEST_MANIFEST))
        except OSError as error:
            raise explained(error, root) from error

    def kept(self, name: str, inputs: str) -> str | None:
        """What was noted of a page that was made from these inputs; None where it must be made."""
        made = self._manifest.made_from(name, inputs)
        if made is None or self._digest_of(name) != made.output:
            return None
        self._names.add(name)
        self.unchanged += 1
        self._manifest.keep(name, made)
        return made.note

    def made(self, name: str, inputs: str, page: str, note: str = "") -> None:
        """Write a page, and what it was made from: a digest."""
        content = page.encode()
        self.write(name, content)
        self._manifest.keep(name, Made(inputs, _digest(content), note))

    def _digest_of(self, name: str) -> str | None:
        content = _read(os.path.join(self.root, name), at_most=_LARGEST_PAGE)
        return None if content is None else _digest(content)

    def write(self, name: str, content: bytes) -> None:
        """Put a file in place, unless the same bytes are there already."""
        self._names.add(name)
        path = self.root / name
        try:
            if _read(path, at_most=len(content)) == content:
                self.unchanged += 1
                return
            _put(path, content)
        except OSError as error:
            raise explained(error, path) from error
        self.written += 1

    def holds(self, name: str, size: int) -> bool:
        """Whether a file named by its digest is there; if so it counts as written before."""
        if name in self._names:
            return True
        try:
            found = os.lstat(self.root / name)
        except FileNotFoundError:
            return False
        if not stat.S_ISREG(found.st_mode) or found.st_size != size:
            return False
        self._names.add(name)
        self.unchanged += 1
        return True

    def finish(self) -> None:
        """Remove our own pages and media that this run did not write: a taken-down post goes.

        Then write down what the pages were made from, for the next run.
        """
        for folder in ("", *SUBFOLDERS):
            prefix = f"{folder}/" if folder else ""
            for file in sorted(os.listdir(self.root / folder)):
                name = prefix + file
                if name in self._names:
                    continue
                path = self.root / name
                if _is_ours(path, in_media=folder == "media"):
                    path.unlink()
                    self.removed += 1
        content = self._manifest.content()
        if _read(self.root / NAME, at_most=len(content)) != content:
            put_file(self.root / NAME, content)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def _read(path: Path | str, *, at_most: int) -> bytes | None:
    """A regular file's content, if it is no longer than that."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > at_most:
        return None
    with open(path, "rb", buffering=0) as file:
        return file.read()


def put_file(path: Path, content: bytes) -> None:
    """Write one file, whole or not at all.

    Raises UsageError where that cannot be done, DiskFull where there is no room.
    """
    try:
        _put(path, content)
    except OSError as error:
        raise explained(error, path) from error


def _put(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".embedarchive-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes files for the owner alone; a site is to be read by a web server.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def _is_ours(path: Path, *, in_media: bool) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    if in_media:
        return _MEDIA_NAME.fullmatch(path.name) is not None
    if path.suffix != ".html":
        return False
    with path.open("rb") as file:
        return _GENERATED in file.read(2048)


def explained(error: OSError, path: Path) -> DiskFull | UsageError:
    """Why a file could not be written, as an error that a person can act on."""
    if error.errno in _FULL:
        return DiskFull(f"no room to write {path}: {error.strerror}")
    return UsageError(f"cannot write {path}: {error.strerror}")
