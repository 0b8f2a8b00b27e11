"""How fast whole corpora are scanned, against only reading them; on what `make_corpus.py` built.

    python benchmarks/make_corpus.py /tmp/corpus --gigabytes 1
    apt-get install ripgrep   # the rival on lines and files
    python benchmarks/corpora.py /tmp/corpus --rounds 3

Each figure is the least processor time (user and system) of some alternating rounds, less that of
the same command on an empty source: so neither start-up nor a busy machine counts. What many
processes gain is measured by the clock in the same way, which needs a quiet machine; beside it
stands what it is with start-up, and what it would be with a free processor for each process: by the
time of the caller and of its busiest worker.

The table of memory feeds its corpus through a pipe, so that 10 GB need no disk; some minutes:

    python benchmarks/corpora.py /tmp/corpus --tables d --gigabytes 0.1 1 10
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from _ids import table_of_ids
from _material import read_lines, shared_folder
from _svg import Panel, Series, draw_panels
from _tables import lay_out
from make_corpus import documents, pieces_without_references

from embedarchive.conditions import condition_of
from embedarchive.forms import FORMS
from embedarchive.patterns import NEEDLESS_ESCAPES, in_bytes, in_json

OURS = [sys.executable, "-m", "embedarchive", "scan", "--nl", "-q"]
_COLUMN = (
    "import sys, pyarrow.parquet as pq\n"
    "file = pq.ParquetFile(sys.argv[1], buffer_size=1 << 20)\n"
    "for batch in file.iter_batches(3000, columns=['text'], use_threads=False): pass"
)
_RECORDS = (
    "import sys\nfrom fastwarc.warc import ArchiveIterator\n"
    "for record in ArchiveIterator(open(sys.argv[1], 'rb')): pass"
)
_SIDE_BY_SIDE = (
    "import sys\nfrom pathlib import Path\nfrom subprocess import Popen\n"
    "source = Path(sys.argv[-1])\n"
    "files = sorted(source.iterdir()) if source.is_dir() else [source, source]\n"
    "sys.exit(max(one.wait() for one in [Popen([*sys.argv[1:-1], *files[half::2]])"
    " for half in (0, 1)]))"
)
"""Two processes that know nothing of each other: what two gain at all on a machine."""

_SIZES = (10_000_000, 30_000_000, 100_000_000, 300_000_000)
_SHARES = (0.001, 0.01, 0.1)
_MIDDLE = 80_000_000


class Cost(NamedTuple):
    """What a process took."""

    processor: float
    clock: float
    memory: int
    """Bytes at the most, of the largest process."""
    output: int
    """Lines that it printed."""
    longest: float
    """Seconds of processor time of the process itself and of the busiest one below it."""


@dataclass(frozen=True, slots=True)
class Race:
    """Two commands on one source, and on an empty one."""

    name: str
    ours: Sequence[str]
    rival: Sequence[str]
    source: str
    empty: str
    goal: str


def cost(command: Sequence[str], source: Path | str, feed: Iterable[bytes] | None = None) -> Cost:
    """Runs a command on a source, or on what is fed to it; ends the benchmark where it fails."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, str(source)],
        stdin=subprocess.PIPE if feed else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    watch = _Watch(process.pid)
    threading.Thread(target=watch.run, daemon=True).start()
    if feed is not None:
        threading.Thread(target=_feed, args=(process, feed), daemon=True).start()
    lines = sum(chunk.count(b"\n") for chunk in iter(lambda: process.stdout.read(1 << 20), b""))
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):  # 1: ripgrep found nothing; 3: a last line was cut
        sys.exit(f"{' '.join(command)} {source}: ended with {process.returncode}")
    clock = time.perf_counter() - begun
    processor = used.ru_utime + used.ru_stime
    return Cost(processor, clock, watch.memory, lines, watch.longest or processor)


def _feed(process: subprocess.Popen[bytes], content: Iterable[bytes]) -> None:
    assert process.stdin is not None
    with process.stdin as pipe:
        for chunk in content:
            pipe.write(chunk)


class _Watch:
    """Looks at a process and all below it while they run."""

    def __init__(self, process: int) -> None:
        self.memory = 0
        self._process = process
        self._own = 0.0
        self._below: dict[str, float] = {}

    @property
    def longest(self) -> float | None:
        """None where there were none."""
        return self._own + max(self._below.values()) if self._below else None

    def run(self) -> None:
        folder = Path(f"/proc/{self._process}")
        with suppress(OSError):  # until it has ended
            while True:
                # `ru_maxrss` begins with what its parent held.
                found = re.search(r"VmHWM:\s+([0-9]+) kB", (folder / "status").read_text())
                self.memory = max(self.memory, int(found[1]) * 1024 if found else 0)
                self._own = _processor_time(folder)
                for child in _below(folder):
                    with suppress(OSError):
                        self._below[child.name] = _processor_time(child)
                time.sleep(0.02)


def _below(process: Path) -> Iterator[Path]:
    """The processes that a process began, and those that they began (proc_pid_children(5))."""
    for task in (process / "task").iterdir():
        with suppress(OSError):  # a thread or process that has ended by now
            for child in (task / "children").read_text().split():
                yield process.with_name(child)
                yield from _below(process.with_name(child))


def _processor_time(process: Path) -> float:
    """User and system, without its children's (proc_pid_stat(5))."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def least(runs: Sequence[Callable[[], Cost]], rounds: int, by: str = "processor") -> list[Cost]:
    """The cheapest of some rounds in which the commands take turns."""
    taken = [[run() for run in runs] for _ in range(rounds)]
    return [min(costs, key=attrgetter(by)) for costs in zip(*taken, strict=True)]


def races(folder: Path, scratch: Path) -> list[Race]:
    """The table's rows that have a rival; ripgrep looks for the same patterns."""
    found = sorted({pattern for form in FORMS for pattern in condition_of(form).any_of})
    lines, texts = scratch / "lines", scratch / "texts"
    lines.write_text("\n".join([*map(_for_ripgrep, map(in_json, found)), NEEDLESS_ESCAPES]))
    texts.write_text("\n".join(_for_ripgrep(in_bytes(pattern)) for pattern in found))
    ripgrep = ["rg", "-c", "-j1", "-i", "-a", "--no-unicode", "--regex-size-limit=1G", "-f"]
    python = [sys.executable, "-c"]
    return [
        Race(
            "Parquet column, plain", OURS, [*python, _COLUMN], "plain.parquet", "empty.parquet",
            "<= 1.6 times",
        ),
        Race(
            "JSON lines, plain", OURS, [*ripgrep, str(lines)], "plain.jsonl", "empty.jsonl",
            "<= 2.5 times (0.4 of its speed)",
        ),
        Race(
            "WARC (gzip), pages that are no candidates",
            OURS,
            [*python, _RECORDS],
            "plain.warc.gz",
            "empty.warc.gz",
            "<= 1.5 times",
        ),
        Race(
            f"the same with candidates, {(folder / 'candidates').read_text()}", OURS,
            [*python, _RECORDS], "pages.warc.gz", "empty.warc.gz", "",
        ),
        Race(
            "20,000 files, plain", OURS, [*ripgrep, str(texts)], "files", "none",
            "<= 4 times (0.25 of its speed)",
        ),
    ]  # fmt: skip


def _for_ripgrep(pattern: str) -> str:
    """Rust's syntax has no escapes that mean nothing."""
    return re.sub(r'\\(["& \-])(?![^\[]*\])', r"\1", pattern).replace('\\"', '"')


def table_of_races(folder: Path, scratch: Path, rounds: int) -> str:
    rows: list[list[object]] = []
    for race in races(folder, scratch):
        source, empty = folder / race.source, folder / race.empty
        ours, ours_empty, rival, rival_empty = least(
            [
                partial(cost, race.ours, source),
                partial(cost, race.ours, empty),
                partial(cost, race.rival, source),
                partial(cost, race.rival, empty),
            ],
            rounds,
        )
        own = ours.processor - ours_empty.processor
        other = rival.processor - rival_empty.processor
        size = _size(source)
        rows.append(
            [
                race.name, f"{size / 1e6:.0f} MB", f"{own:.2f} s", f"{other:.2f} s",
                f"{own / other:.2f} times", race.goal,
            ]
        )  # fmt: skip
    header = ("source", "on disk", "ours", "only reading", "ratio", "goal")
    return lay_out("(a) Against only reading, one core, processor time", header, rows)


def table_of_shares(folder: Path, rounds: int) -> str:
    """What documents with references cost, alone and among others."""
    names = ("marked.jsonl", "plain.jsonl", "mixed.jsonl", "empty.jsonl")
    marked, plain, mixed, empty = least(
        [partial(cost, OURS, folder / name) for name in names],
        rounds,
    )
    count = sum(1 for _ in (folder / "marked.jsonl").open("rb"))
    each = (marked.processor - empty.processor) / count
    found = mixed.output / (marked.output / count)
    parts = (plain.processor - empty.processor) * 0.99 + found * each
    whole = mixed.processor - empty.processor
    rows: list[list[object]] = [
        ["flattened references, documents a second", f"{1 / each:.0f}", ">= 250"],
        ["1 % with references, against the sum of both", f"{whole / parts:.2f}", "<= 1.1"],
    ]
    return lay_out("(b) Documents with references", ("what", "figure", "goal"), rows)


def table_of_workers(folder: Path, rounds: int, engines: Sequence[str]) -> str:
    """What several processes gain, by the clock: the least of alternating rounds each."""
    ways = {
        "--jobs 1": OURS,
        "--jobs 2": [*OURS, "--jobs", "2"],
        "half the files each, apart": [sys.executable, "-c", _SIDE_BY_SIDE, *OURS],
    }
    if "ray" in engines:
        ways["--engine ray --jobs 2"] = [*OURS, "--engine", "ray", "--jobs", "2"]
    shards = folder / "shards"
    taken = least(
        [
            partial(cost, command, source)
            for command in ways.values()
            for source in (shards, folder / "empty.jsonl")
        ],
        rounds,
        by="clock",
    )
    wholes, starts = taken[::2], taken[1::2]
    alone, alone_empty = taken[:2]
    rows: list[list[object]] = [
        [
            name, f"{whole.clock:.1f} s", f"{start.clock:.1f} s",
            f"{(alone.clock - alone_empty.clock) / (whole.clock - start.clock):.2f}",
            f"{alone.clock / whole.clock:.2f}", f"{alone.longest / whole.longest:.2f}",
        ]
        for name, whole, start in zip(ways, wholes, starts, strict=True)
    ]  # fmt: skip
    title = (
        f"(c) {_size(shards) / 1e6:.0f} MB of JSON lines in 8 files, by the clock; how many times"
        " as fast as --jobs 1, start-up (the same on an empty file) subtracted (goals: 1.7, and"
        " with Ray 0.7 of that), not subtracted, and with a free processor for each process"
    )
    header = ("how", "clock", "start-up", "speed", "with start-up", "free")
    return lay_out(title, header, rows)


def table_of_memory(folder: Path, gigabytes: Sequence[float]) -> str:
    """The most memory that one process took, above a run over nothing."""
    ours = [*OURS, "--format", "jsonl"]
    base = cost(ours, folder / "empty.jsonl").memory
    rows: list[list[object]] = []
    for size in gigabytes:
        taken = cost(ours, "-", _repeated(folder / "mixed.jsonl", int(size * 1e9)))
        peak = f"{(taken.memory - base) / 1e6:.0f} MB"
        rows.append([f"{size} GB", peak, "<= 250 MB", taken.output, f"{taken.processor:.0f} s"])
    header = ("JSON lines", "most", "goal", "references", "processor")
    return lay_out("(d) Memory above an empty run, read from a pipe", header, rows)


def draw(folder: Path, target: Path, rounds: int) -> None:
    """Throughput against input size and against the share of documents with references."""
    plain = read_lines(shared_folder(None) / "evalset" / "dev.jsonl")
    pieces = pieces_without_references(plain)
    marked = [line["text"] for line in plain if line["tweets"]]
    empty = min(cost(OURS, folder / "empty.jsonl").processor for _ in range(rounds))
    grown = folder / "grown.jsonl"

    def speed(size: int, share: float) -> float:
        with grown.open("w", encoding="utf-8") as file:
            for text in documents(pieces, marked, size, share):
                file.write(json.dumps({"text": text}) + "\n")
        taken = min(cost(OURS, grown).processor for _ in range(rounds)) - empty
        return grown.stat().st_size / 1e6 / max(taken, 0.001)

    by_size = [(size / 1e6, speed(size, 0.0)) for size in _SIZES]
    by_share = [(share * 100, speed(_MIDDLE, share)) for share in _SHARES]
    grown.unlink()
    panels = [
        Panel(
            "JSON lines without references", "MB", (10, 30, 100, 300), (10, 100, 1000),
            [Series("MB a second", "#2563eb", by_size)],
        ),
        Panel(
            "by the share of documents with references", "%", (0.1, 1, 10), (10, 100, 1000),
            [Series("MB a second", "#2563eb", by_share)],
        ),
    ]  # fmt: skip
    target.write_text(draw_panels(panels), encoding="utf-8")
    print(by_size, by_share)


def _repeated(source: Path, size: int) -> Iterator[bytes]:
    """A file again and again, until that is `size` bytes; the last line may be cut."""
    while size > 0:
        with source.open("rb") as file:
            while size > 0 and (chunk := file.read(min(size, 1 << 20))):
                size -= len(chunk)
                yield chunk


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tables", default="abcde", help="which of the tables")
    parser.add_argument("--engine", action="append", default=[], help="also this one, in table c")
    parser.add_argument("--gigabytes", type=float, nargs="*", default=[0.1, 1, 10])
    parser.add_argument("--chart", type=Path, help="draw this SVG instead")
    chosen = parser.parse_args()
    if chosen.chart is not None:
        draw(chosen.folder, chosen.chart, chosen.rounds)
        return
    with tempfile.TemporaryDirectory() as scratch:
        makers: dict[str, Callable[[], str]] = {
            "a": lambda: table_of_races(chosen.folder, Path(scratch), chosen.rounds),
            "b": lambda: table_of_shares(chosen.folder, chosen.rounds),
            "c": lambda: table_of_workers(chosen.folder, chosen.rounds, chosen.engine),
            "d": lambda: table_of_memory(chosen.folder, chosen.gigabytes),
            "e": lambda: table_of_ids(shared_folder(None), chosen.rounds),
        }
        for name in chosen.tables:
            print(makers[name](), flush=True)


if __name__ == "__main__":
    main()
