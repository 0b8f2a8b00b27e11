"""What reading a corpus costs above its limit: the parser alone that the standard library has.

`python benchmarks/readers.py [--megabytes N] [--rounds N]`. The corpus is made here: articles of
2 to 8 kB of common words, without any reference. Each figure is the fastest of some rounds, in
which limit and reader take turns. Memory (Linux) is what a process of its own grows by while it
reads, above the imports and the sieve.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from xml.parsers import expat

from _tables import lay_out

from embedarchive.documents import read_all
from embedarchive.models import Reading
from embedarchive.sifting import is_candidate, is_fast, json_candidate_rows, sifted

WORDS = re.findall(
    r"\w+",
    "the of and to in a is that for it as was with be by on not he his but at are this have from "
    "or had an they which one you were her all she there would their we him been has when who will "
    "more no if out so said what up its about into than them can only other new some could time",
)
SELECT = "SELECT id, text FROM articles"
MADE = ("plain.jsonl", "packed.jsonl.gz", "table.csv", "feed.rss", "export.wxr", "cms.db", "files")


def main() -> None:
    """Prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--grow", metavar="PATH", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.grow:
        print(_growth(Path(arguments.grow)))
        return
    with tempfile.TemporaryDirectory() as name:
        small, large = Path(name) / "small", Path(name) / "large"
        make(small, arguments.megabytes * 100_000)
        make(large, arguments.megabytes * 1_000_000)
        rows = [_row(small / each, large / each, arguments.rounds) for each in MADE]
    title = f"{arguments.megabytes} MB of articles in each; Hyperscan: {is_fast()}"
    head = ["source", "MB/s", "of its limit", "goal", "all decoded", "MB grown, of 1/10", "of all"]
    print(lay_out(title, head, rows))


def make(folder: Path, size: int) -> None:
    """The same articles in every format."""
    folder.mkdir()
    texts = list(_articles(size))
    lines = [
        json.dumps({"url": f"https://news.example/{n}", "text": t}) for n, t in enumerate(texts)
    ]
    (folder / "plain.jsonl").write_text("\n".join(lines))
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode(), 6))
    with (folder / "table.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *enumerate(texts)])
    items = "".join(
        f"<item><guid>{number}</guid><description>{text}</description></item>"
        for number, text in enumerate(texts)
    )
    (folder / "feed.rss").write_text(f"<rss><channel>{items}</channel></rss>")
    items = "".join(
        f"<item><wp:post_id>{number}</wp:post_id>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
        for number, text in enumerate(texts)
    )
    (folder / "export.wxr").write_text(f"<rss><channel>{items}</channel></rss>")
    with closing(sqlite3.connect(folder / "cms.db")) as database:
        database.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, text)")
        database.executemany("INSERT INTO articles VALUES (?, ?)", enumerate(texts))
        database.commit()
    for number, text in enumerate(texts):
        path = folder / "files" / str(number // 1000) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _articles(size: int) -> Iterator[str]:
    chance = random.Random(1)
    while size > 0:
        text = " ".join(chance.choices(WORDS, k=chance.randrange(400, 1600)))
        size -= len(text)
        yield text


def read_json(path: Path) -> None:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        for line in file:
            json.loads(line)


def read_csv(path: Path) -> None:
    with path.open(newline="") as file:
        for _ in csv.reader(file):
            pass


def read_xml(path: Path) -> None:
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = lambda text: None
    parser.buffer_text = True
    with path.open("rb") as file:
        parser.ParseFile(file)


def read_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        for _ in database.execute(SELECT):
            pass


def read_files(path: Path) -> None:
    for each in sorted(path.rglob("*.txt")):
        each.read_bytes()


LIMITS: dict[str, tuple[Callable[[Path], None], str, float]] = {
    "plain.jsonl": (read_json, "json", 1.0),
    "packed.jsonl.gz": (read_json, "gzip, json", 1.1),
    "table.csv": (read_csv, "csv", 1.5),
    "feed.rss": (read_xml, "expat", 3.0),
    "export.wxr": (read_xml, "expat", 3.0),
    "cms.db": (read_sqlite, "sqlite3", 3.0),
    "files": (read_files, "their bytes", 3.0),
}


def read(path: Path, *, is_sieved: bool) -> None:
    reading = Reading(sql=SELECT)
    for _ in read_all([str(path)], sifted(reading) if is_sieved else reading):
        pass


def _row(small: Path, large: Path, rounds: int) -> list[object]:
    limit, name, goal = LIMITS[large.name]
    read(small, is_sieved=True)  # which also makes the sieve
    times = [
        (
            _taken(limit, large),
            _taken(read, large, is_sieved=True),
            _taken(read, large, is_sieved=False),
        )
        for _ in range(rounds)
    ]
    bare, sieved, decoded = map(min, zip(*times, strict=True))
    size = sum(path.stat().st_size for path in [large, *large.rglob("*.txt")] if path.is_file())
    memory = [_growth_of(path) for path in (small, large)]
    return [
        f"{large.name} ({name})",
        f"{size / 1e6 / sieved:.0f}",
        f"{sieved / bare:.2f}",
        f"<= {goal}",
        f"{decoded / bare:.2f}",
        *memory,
    ]


def _taken(work: Callable[..., None], path: Path, **options: bool) -> float:
    begun = time.process_time()
    work(path, **options)
    return time.process_time() - begun


def _growth_of(path: Path) -> str:
    command = [sys.executable, __file__, "--grow", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _growth(path: Path) -> str:
    enough = b" " * (5 << 20)  # for the sieve to be made
    is_candidate(enough)
    json_candidate_rows(memoryview(enough), [0, len(enough)])
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest value so far (proc(5))
    before = _kilobytes("VmRSS")
    read(path, is_sieved=True)
    after = _kilobytes("VmHWM")
    return f"{(after - before) / 1000:.1f}"


def _kilobytes(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.findall(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[0])


if __name__ == "__main__":
    main()
