"""A second `archive --offline` over unchanged articles against the first, start-up subtracted.

python benchmarks/rescan.py [--articles 2000]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

GOAL = 10


def write_articles(folder: Path, count: int) -> None:
    """Articles of some kilobytes, each with two flattened posts of its own."""
    filler = (
        "The council met again on Tuesday, and the minutes say little of what was decided. " * 6
    )
    for number in range(count):
        day = date(2021, 1, 1) + timedelta(days=number % 900)
        posts = [
            f"Update {number}.{which}: the road is closed. pic.twitter.com/{which}{number:09d}\n"
            f"— County Roads {number % 40} (@roads_{number % 40}) {day:%B} {day.day}, {day.year}\n"
            for which in "ab"
        ]
        paragraphs = [f"Roads report {number}", filler, posts[0], filler, filler, posts[1], filler]
        (folder / f"{number:06d}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")


def archive(db: Path, source: Path) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "embedarchive", "archive", db, source, "--offline", "-q"], check=True
    )
    return time.perf_counter() - started


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    count = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "articles").mkdir()
        (folder / "none").mkdir()
        write_articles(folder / "articles", count)
        archive(folder / "empty.db", folder / "none")
        start_up = min(archive(folder / "empty.db", folder / "none") for _ in range(5))
        first = archive(folder / "posts.db", folder / "articles") - start_up
        again = min(archive(folder / "posts.db", folder / "articles") for _ in range(3)) - start_up
        size = (folder / "posts.db").stat().st_size
    print(f"{count} articles, start-up {start_up:.2f} s subtracted, {size / count:.0f} bytes each")
    print(f"first {first:.2f} s ({first / count * 1000:.2f} ms an article), again {again:.2f} s")
    print(f"ratio {first / again:.1f} (goal: at least {GOAL})")


if __name__ == "__main__":
    main()
