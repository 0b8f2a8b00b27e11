"""Raw bytes → which forms could be in here? All forms' patterns at once, at the speed of memory.

`scan` runs a form only where its patterns occur, so what a sieve denies holds no reference: an
optimisation, never a condition. Hyperscan (the extra `corpora`) looks for nearly all patterns in
one pass. Whether there is a sieve to ask, `sifting` tells.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from hashlib import sha256
from importlib.metadata import version
from operator import or_
from os import getpid
from platform import machine, processor
from threading import Lock
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from .conditions import Condition, condition_of
from .marks import PATTERN
from .patterns import NEEDLESS_ESCAPES, in_bytes, in_json
from .projection import Form

Buffer = bytes | memoryview

CARD = "card"
"""Stands among the names of forms for a card of ours."""

_WIDE = (r"[\x00\x1b]", r"~\{")
"""Patterns without which a text is in no encoding in which ASCII is not ASCII: in neither UTF-16
nor UTF-32, ISO 2022 nor HZ. Nothing can be said of what has one."""
_SINGLE = {r"[\x00\x1b]": (b"\0", b"\x1b"), "@[": (b"@",)}
"""How the patterns begin in which no more than one byte is certain, and that byte.

One of these in a database, and Hyperscan looks at each byte, else at each second one. Alone they
are looked for sixteen bytes at a time, and not at all where `bytes.find`, which is faster yet,
finds no such byte.
"""


class _Rare(NamedTuple):
    """A pattern in which one byte is certain."""

    bytes_: tuple[bytes, ...]
    """Of these; none where it may be written in other ways too."""
    database: Any


class _Second(NamedTuple):
    """What is looked for only where all companions of some forms have been found."""

    companions: int
    """A bit for each."""
    in_order: bool
    """Whether it begins behind one of them."""
    names: frozenset[str]
    database: Any


class Sieve:
    """Hyperscan's databases of the conditions of some forms, for plain bytes or for JSON.

    Patterns that begin with no literal, like a time of day, would take most of the time of a pass.
    Their forms name companions that cost little and are seldom there: these are looked for first.
    How fast these are, Hyperscan's choice of literals tells: it should find less than 250, of two
    bytes at the least (`findDesiredStride` of its `fdr_engine_description.cpp`).
    """

    def __init__(
        self, forms: Iterable[Form], *, is_json: bool = False, only_kept: bool = False
    ) -> None:
        """Raises ImportError where Hyperscan is not installed.

        With `only_kept` LookupError where its databases would have to be compiled first.
        """
        import hyperscan  # noqa: PLC0415  # an extra, and start-up

        write = in_json if is_json else in_bytes
        users: dict[Condition, set[str]] = {Condition((PATTERN,)): {CARD}}
        if not is_json:
            users[Condition(_WIDE)] = {"wide"}
        for form in forms:
            users.setdefault(condition_of(form), set()).add(form.name)
        alone: dict[str, set[str]] = {}
        bits: dict[str, int] = {}
        self._seconds: list[_Second] = []
        for condition, names in users.items():
            if not condition.all_of:
                for pattern in condition.any_of:
                    alone.setdefault(pattern, set()).update(names)
                continue
            companions = sum(bits.setdefault(part, 1 << len(bits)) for part in condition.all_of)
            database = _database({0: write("|".join(condition.any_of))}, only_kept=only_kept)
            self._seconds.append(
                _Second(companions, condition.in_order, frozenset(names), database)
            )
        # What each pattern says: names of forms, or the bit of a companion.
        self._bits = [*bits.values(), *(0 for _ in alone)]
        self._names = [*(frozenset[str]() for _ in bits), *map(frozenset, alone.values())]
        written = dict(enumerate(map(write, [*bits, *alone])))
        if is_json:
            written[len(written)] = NEEDLESS_ESCAPES
            self._bits.append(0)
            self._names.append(frozenset({NEEDLESS_ESCAPES}))
        single = {
            number: _SINGLE[start]
            for number, one in enumerate([*bits, *alone])
            for start in _SINGLE
            if one.startswith(start)
        }
        others = {number: one for number, one in written.items() if number not in single}
        self._first = _database(others, only_kept=only_kept)
        self._rare = [
            _Rare(
                () if is_json else bytes_,
                _database({number: written[number]}, only_kept=only_kept),
            )
            for number, bytes_ in single.items()
        ]
        self._stopped: type[Exception] = hyperscan.ScanTerminated
        self._lock = Lock()

    def holds(self, raw: Buffer) -> bool:
        """Whether the condition of some form holds somewhere in these bytes."""
        seen, first = 0, len(raw)

        def note(number: int, start: int, end: int, flags: int, context: object) -> bool:
            nonlocal seen, first
            seen, first = seen | self._bits[number], min(first, end)
            return not self._bits[number]

        return self._look(raw, note) or (seen != 0 and any(self._second(seen, raw, first)))

    def forms(self, raw: Buffer) -> frozenset[str]:
        """The names of the forms whose conditions hold, and `CARD`."""
        ends: dict[int, int] = {}

        def note(number: int, start: int, end: int, flags: int, context: object) -> None:
            ends[number] = min(ends.get(number, end), end)

        self._look(raw, note)
        seen = reduce(or_, (self._bits[number] for number in ends), 0)
        first = min((end for number, end in ends.items() if self._bits[number]), default=0)
        alone = (self._names[number] for number in ends)
        return frozenset().union(*alone, *self._second(seen, raw, first))

    def rows(self, raw: Buffer, offsets: Sequence[int]) -> list[int]:
        """The rows for which it holds; row N is `raw[offsets[N]:offsets[N + 1]]`."""
        chosen: set[int] = set()
        seen: dict[int, tuple[int, int]] = {}

        def note(number: int, start: int, end: int, flags: int, context: object) -> None:
            row = bisect_right(offsets, end - 1) - 1
            bit = self._bits[number]
            if bit:
                bits, first = seen.get(row, (0, end))
                seen[row] = bits | bit, min(first, end)
            else:
                chosen.add(row)

        self._look(raw, note)
        view, last = memoryview(raw), len(offsets) - 2
        chosen.update(
            row
            for row, (bits, first) in seen.items()
            if row not in chosen
            and 0 <= row <= last
            and any(
                self._second(
                    bits, view[offsets[row] : offsets[row + 1]], max(first - offsets[row], 0)
                )
            )
        )
        return sorted(row for row in chosen if 0 <= row <= last)

    def _look(self, raw: Buffer, note: Callable[..., Any]) -> bool:
        """Tells `note` of patterns and companions; whether it stopped that."""
        whole = raw.obj if isinstance(raw, memoryview) else raw
        with self._lock:  # each database has one scratch space
            try:
                self._first.scan(raw, match_event_handler=note)
                for bytes_, database in self._rare:
                    if _may_hold(whole, bytes_):
                        database.scan(raw, match_event_handler=note)
            except self._stopped:
                return True
        return False

    def _second(self, seen: int, raw: Buffer, first: int) -> Iterator[frozenset[str]]:
        """The names of the forms that also hold, some at a time.

        These companions were seen; the first of them ends at byte `first`.
        """
        for companions, in_order, names, database in self._seconds:
            if seen & companions != companions:
                continue
            part = memoryview(raw)[first:] if in_order else raw
            if self._is_in(database, part):
                yield names

    def _is_in(self, database: Any, raw: Buffer) -> bool:
        with self._lock:  # as above
            try:
                database.scan(raw, match_event_handler=lambda *_: True)
            except self._stopped:
                return True
        return False


def _may_hold(whole: object, bytes_: Sequence[bytes]) -> bool:
    """Whether one of these may be in what a buffer is of; it is where that cannot be told fast.

    A view has no `find`, and what it is a view of holds at least as much.
    """
    if not isinstance(whole, bytes | bytearray):
        return True
    for byte in bytes_:  # `any` would take as long as the rest of looking at a small page
        if byte in whole:
            return True
    return not bytes_


def _database(patterns: Mapping[int, str], *, only_kept: bool) -> Any:
    """The patterns compiled, which takes a second; what was is kept in the user's cache.

    Raises LookupError where it is not, and only such a one is wanted.
    """
    import hyperscan  # noqa: PLC0415  # as above

    told = "\0".join([version("hyperscan"), machine(), processor(), repr(patterns)])
    path = user_cache_path("embedarchive") / f"{sha256(told.encode()).hexdigest()}.hyperscan"
    try:
        kept: Any = hyperscan.loadb(path.read_bytes(), hyperscan.HS_MODE_BLOCK)
        kept.scratch = hyperscan.Scratch(kept)
    except (OSError, hyperscan.HyperscanError):
        pass  # not kept yet, or by another make of processor
    else:
        return kept
    if only_kept:
        raise LookupError("not compiled yet")
    database: Any = hyperscan.Database()
    database.compile(
        expressions=[pattern.encode("ascii") for pattern in patterns.values()],
        ids=list(patterns),
        flags=[hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_DOTALL] * len(patterns),
    )
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{getpid()}")
        partial.write_bytes(hyperscan.dumpb(database))
        partial.replace(path)
    return database
