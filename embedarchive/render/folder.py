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

SUBFOLDERS = ("articles", "posts", "media")
_GENERATED = b'<meta name="generator" content="embedarchive">'
_MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|gif|webp|mp4)")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def page_name(key: str) -> str:
    """The file name of a post's page: its key, or a digest where that could be no file name."""
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", key):
        return f"{key}.html"
    return f"post-{sha256(key.encode(errors='surrogatepass')).hexdigest()[:32]}.html"


def article_name(uri: str) -> str:
    """The file name of an article's page: the same for all its versions."""
    return f"{sha256(uri.encode(errors='surrogatepass')).hexdigest()[:16]}.html"


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
        try:
            for folder in (root, *(root / name for name in subfolders)):
                folder.mkdir(parents=folder == root, exist_ok=True)
                if folder != root and folder.is_symlink():
                    raise UsageError(f"{folder} is a symbolic link: remove it or render elsewhere")
        except OSError as error:
            raise _explained(error, root) from error

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
            raise _explained(error, path) from error
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

    def remove_stale(self) -> None:
        """Remove our own pages and media that this run did not write: a taken-down post goes."""
        for folder in ("", *SUBFOLDERS):
            for path in sorted((self.root / folder).iterdir()):
                name = path.relative_to(self.root).as_posix()
                if name not in self._names and _is_ours(path, in_media=folder == "media"):
                    path.unlink()
                    self.removed += 1


def _read(path: Path, *, at_most: int) -> bytes | None:
    """A regular file's content, if it is no longer than that."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > at_most:
        return None
    return path.read_bytes()


def put_file(path: Path, content: bytes) -> None:
    """Write one file, whole or not at all.

    Raises UsageError where that cannot be done, DiskFull where there is no room.
    """
    try:
        _put(path, content)
    except OSError as error:
        raise _explained(error, path) from error


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


def _explained(error: OSError, path: Path) -> DiskFull | UsageError:
    if error.errno in _FULL:
        return DiskFull(f"no room to write {path}: {error.strerror}")
    return UsageError(f"cannot write {path}: {error.strerror}")
