"""A file of bearer tokens → what each host is to be sent; never shows a token, nor what was read.

The tokens go to `net` alone, which sends each to its own host: backends, errors, logs and the
archive never meet them.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from .errors import UsageError

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,252})")
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/%]{8,4096}=*")
"""The characters of RFC 6750, 2.1, and the percent signs that X's tokens have."""
_MAX_BYTES = 65_536


def load(path: Path) -> Mapping[str, str]:
    """Host → bearer token of `{"api.x.com": "TOKEN"}`; empty where there is no such file.

    Raises UsageError where others than the owner may read the file, and for anything but that.
    """
    try:
        with path.open("rb") as file:
            # Of the file that was opened: the name could mean another one by now.
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                raise UsageError(f"{path}: others can read this file; make it yours: chmod 600")
            raw = file.read(_MAX_BYTES)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        tokens = json.loads(raw)
    except (ValueError, RecursionError):
        # Not the parser's words: they may hold what it read.
        raise UsageError(f"{path}: not valid JSON") from None
    if not isinstance(tokens, dict):
        raise UsageError(f'{path}: must look like {{"api.x.com": "TOKEN"}}')
    for host, token in tokens.items():
        if not _HOST.fullmatch(host) or not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise UsageError(f'{path}: must look like {{"api.x.com": "TOKEN"}}')
    return tokens
