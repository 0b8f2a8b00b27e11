"""The TLD lists of the twitter-text conformance data → embedarchive/twitter_text/_tlds.py.

    python benchmarks/make_tlds.py tld_lib.yml > embedarchive/twitter_text/_tlds.py

Run again when the lists change; the result is checked in, so that nothing is read at run time.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import yaml

_HEAD = '''\
"""The top-level domains that twitter-text (2021-10-21) links without a protocol.

Made by benchmarks/make_tlds.py from `tld_lib.yml`, the lists `country` and `generic`.
"""

from __future__ import annotations
'''


def module(names: set[str]) -> str:
    """Python source that defines ASCII_TLDS (a set) and OTHER_TLDS (longest first)."""
    ascii_names = sorted(name for name in names if name.isascii())
    others = sorted((name for name in names if not name.isascii()), key=lambda n: (-len(n), n))
    return "\n".join(
        [
            _HEAD,
            _block("_ASCII", ascii_names, width=95),
            _block("_OTHER", others, width=50),
            "ASCII_TLDS = frozenset(_ASCII.split())",
            "OTHER_TLDS = tuple(_OTHER.split())",
            '"""Longest first, so that an alternation of them prefers the longest."""',
            "",
        ]
    )


def _block(name: str, words: list[str], *, width: int) -> str:
    lines = textwrap.wrap(" ".join(words), width=width, break_on_hyphens=False)
    return "\n".join([f'{name} = """', *lines, '"""'])


def main() -> None:
    lists = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(module({*lists["country"], *lists["generic"]}))


if __name__ == "__main__":
    main()
