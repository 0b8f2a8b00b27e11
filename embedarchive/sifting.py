"""Raw bytes → could a reference be in here? Asks a sieve, where one is there and pays.

Without Hyperscan (the extra `corpora`), and for the first few bytes of a run, nothing is denied,
and reading takes longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.util import find_spec

from .forms import FORMS
from .models import Reading
from .sieve import Buffer, Sieve

_WORTH, _WORTH_JSON = 8 << 20, 32 << 20
"""Bytes that are read without a sieve: making one takes half a second, for JSON a whole one."""
_WORTH_KEPT = 1 << 19
"""The same where one was made by an earlier run: that takes a fiftieth of a second."""


class _Judge:
    """A sieve over all forms that is made when it begins to pay."""

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json
        self._worth = _WORTH_JSON if is_json else _WORTH
        self._asked = 0
        self._sieve: Sieve | None = None

    def sieve(self, size: int) -> Sieve | None:
        """The sieve; None without Hyperscan, and for the first few bytes of a run."""
        if self._sieve is None and self._asked <= self._worth and is_fast():
            before, self._asked = self._asked, self._asked + size
            if self._asked > self._worth:
                self._sieve = Sieve(FORMS, is_json=self._is_json)
            elif before <= _WORTH_KEPT < self._asked:
                with suppress(LookupError):
                    self._sieve = Sieve(FORMS, is_json=self._is_json, only_kept=True)
        return self._sieve


_plain, _json = _Judge(is_json=False), _Judge(is_json=True)


@cache
def is_fast() -> bool:
    """Whether Hyperscan is there."""
    return find_spec("hyperscan") is not None


def is_candidate(raw: Buffer) -> bool:
    """Whether a reference could be in these bytes, in whatever encoding.

    It never denies what it affirms of a part of them.
    """
    sieve = _plain.sieve(len(raw))
    return sieve is None or sieve.holds(raw)


def forms_in(raw: Buffer) -> frozenset[str] | None:
    """The names of the forms that could be in these bytes, and `CARD` for a card of ours.

    None where it is not known.
    """
    sieve = _plain.sieve(len(raw))
    return None if sieve is None else sieve.forms(raw)


def json_candidate_rows(raw: Buffer, offsets: Sequence[int]) -> Sequence[int]:
    """The same of records in which the texts stand as JSON strings, with JSON's escapes."""
    sieve = _json.sieve(len(raw))
    return range(len(offsets) - 1) if sieve is None else sieve.rows(raw, offsets)


def candidate_rows(raw: Buffer, offsets: Sequence[int]) -> Sequence[int]:
    """Of texts one behind the other those in which a reference could be.

    Text N is `raw[offsets[N]:offsets[N + 1]]`.
    """
    sieve = _plain.sieve(len(raw))
    return range(len(offsets) - 1) if sieve is None else sieve.rows(raw, offsets)


def sifted(reading: Reading) -> Reading:
    """The reading with the sieve.

    Not where main texts are wanted too: what stands apart in a page may stand together there.
    """
    if reading.article_text:
        return reading
    return replace(
        reading,
        is_candidate=is_candidate,
        candidate_rows=candidate_rows,
        json_candidate_rows=json_candidate_rows,
    )
