"""Capture of posts from the loopback world against a bare httpx loop of the same concurrency.

    python benchmarks/capture.py [--posts 500] [--concurrency 4]

The bare loop asks the same URLs with `httpx.Client` from as many threads, reads the JSON and
throws it away. Ours also parses, hashes, compresses and stores. Pacing is off, media are left out.
The server runs in a process of its own; its headroom is what a raw keep-alive socket gets out of
it. Rounds alternate; the ratio is the median of theirs. What else the machine does moves it a
great deal, so the processor's time for each answer is printed beside it.
"""

from __future__ import annotations

import argparse
import http.client
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import urlencode

import httpx
from _silent import Silent

from embedarchive.backends.syndication import BACKEND
from embedarchive.budget import Budget
from embedarchive.config import Settings
from embedarchive.documents import read_documents
from embedarchive.models import Target
from embedarchive.net import Client
from embedarchive.report import Report
from embedarchive.scan import scan
from embedarchive.store import Archive
from embedarchive.terms import SCANNER_VERSION
from embedarchive.visiting import capture_posts

ROUNDS = 15
GOAL = 0.8
FIRST_ID = 1657692617044922369

SERVER = f"""
import sys
from tests.loopback import Server, World
world = World()
for number in range(int(sys.argv[1])):
    world.add_post(str({FIRST_ID} + number), "SandholmPort", "Sandholm Harbour",
                   f"Post number {{number}} from the harbour, with some words in it #harbour")
with Server(world, 0) as server:
    print(server.base, flush=True)
    sys.stdin.read()
"""


def now() -> datetime:
    return datetime.now(UTC)


class Pace(NamedTuple):
    """How a round went."""

    rate: float
    """Answers a second."""
    work: float
    """Milliseconds of the processor's time for each, the server's aside."""


def ours(base: str, ids: list[str], concurrency: int, folder: Path) -> Pace:
    """Posts into a fresh archive."""
    article = folder / "links.txt"
    article.write_text("\n\n".join(f"https://x.com/SandholmPort/status/{i}" for i in ids))
    settings = Settings(concurrency=concurrency, media=False, pacing=0)
    db = folder / f"{time.monotonic_ns()}.db"
    with (
        Archive.open(db, clock=now) as archive,
        Client(user_agent="benchmark", endpoints={"*": base}, pacing=0) as client,
    ):
        for document in read_documents(str(article)):
            archive.add_document(document, scan(document), SCANNER_VERSION)
        report = Report()
        started = begin()
        capture_posts(archive, report, Budget(client), settings, Silent(), now().replace(year=2000))
        pace = pace_since(started, len(ids))
    if report.captures["available"] != len(ids):
        raise SystemExit(f"only {report.captures} of {len(ids)} posts were captured")
    return pace


def begin() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def pace_since(started: tuple[float, float], count: int) -> Pace:
    elapsed, work = (after - before for after, before in zip(begin(), started, strict=True))
    return Pace(count / elapsed, work / count * 1000)


class Recorder:
    """A Fetcher that only remembers what it was asked."""

    def get(self, url: str, *, params: Mapping[str, str], **_: object) -> NoReturn:
        raise Asked(f"{url.removeprefix('https:/')}&{urlencode(params)}")


class Asked(Exception):
    pass


def path_of(post_id: str) -> str:
    """What the backend asks for a post, below the loopback server's base."""
    try:
        BACKEND.ask(Target("x", post_id), None, Recorder())
    except Asked as asked:
        return str(asked)


def bare(base: str, ids: list[str], concurrency: int) -> Pace:
    """Answers with httpx and nothing else."""
    with httpx.Client(trust_env=False) as client, ThreadPoolExecutor(concurrency) as pool:

        def ask(path: str) -> str:
            return str(client.get(f"{base}{path}").json()["id_str"])

        paths = list(map(path_of, ids))
        started = begin()
        answers = list(pool.map(ask, paths))
        pace = pace_since(started, len(ids))
    if answers != ids:
        raise SystemExit("the bare loop got other answers")
    return pace


def headroom(base: str, ids: list[str]) -> float:
    """Answers a second over one keep-alive connection of the standard library."""
    connection = http.client.HTTPConnection(base.removeprefix("http://"))
    paths = list(map(path_of, ids))
    started = time.perf_counter()
    for path in paths:
        connection.request("GET", path)
        connection.getresponse().read()
    elapsed = time.perf_counter() - started
    connection.close()
    return len(ids) / elapsed


def main() -> None:
    """Print the three rates and the median of the ratios of alternating rounds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=500)
    parser.add_argument("--concurrency", type=int, default=4)
    options = parser.parse_args()
    ids = [str(FIRST_ID + number) for number in range(options.posts)]
    command = [sys.executable, "-c", SERVER, str(options.posts)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as name:
            rounds = [
                (bare(base, ids, options.concurrency),
                 ours(base, ids, options.concurrency, Path(name)))
                for _ in range(ROUNDS)
            ]  # fmt: skip
        one = headroom(base, ids)
        server.terminate()
    theirs, mine = (
        Pace(*(sorted(one)[ROUNDS // 2] for one in zip(*paces, strict=True)))
        for paces in zip(*rounds, strict=True)
    )
    print(f"server alone, one connection: {one:.0f} answers a second")
    print(
        f"bare httpx {theirs.rate:.0f}/s, ours {mine.rate:.0f}/s, of the processor's time"
        f" {theirs.work:.2f} and {mine.work:.2f} ms each; concurrency {options.concurrency}"
    )
    ratios = sorted(mine.rate / theirs.rate for theirs, mine in rounds)
    print(
        f"ratio {ratios[ROUNDS // 2]:.2f} (goal: at least {GOAL}), rounds {ratios[0]:.2f} to"
        f" {ratios[-1]:.2f}"
    )


if __name__ == "__main__":
    main()
