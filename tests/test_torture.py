"""Every call of a whole command fails in turn: the archive is whole, and the next run mends it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loopback import Copy, Picture, Reply, Server, faults, pictures
from tests.torture import SEAMS, Faults, command, contents

LENS = "1657692617044922369"  # 2023-05-14
TURN = "1658015607813058999"  # 2023-05-15
NEWS = "1658015607813059001"
ARTICLE = f"""\
Lighthouse lens comes home

The lens is on the barge. pic.twitter.com/Qw7LmT2xVd
— Sandholm Harbour (@SandholmPort) May 14, 2023

The firm posted a film: https://x.com/norringclocks/status/{TURN}
"""
DOCUMENTED = {0, 3, 4, 5}
"""Exit codes that a failing disk or network may end with; 1 is a bug."""
FEW = 10
"""Calls of a seam up to which each is tried; of more, as many spread evenly, unless
EMBEDARCHIVE_TORTURE asks for all."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as running:
        gone, url = faults.html_not_found(), "https://pbs.twimg.com/media/Turn.jpg"
        running.world.fault("pbs.twimg.com", gone, path="/media/Turn.jpg")
        copy = Reply(200, pictures.jpeg(680, 400, "Turn"), {"content-type": "image/jpeg"})
        running.world.copies.append(Copy("20230601000000", url, copy))
        tell(running, "The lens is on the barge.", "First full turn since 1983.")
        settings = {
            "ENDPOINTS": f"*={running.base}", "PACING": "0", "RETRIES": "0", "CONCURRENCY": "1",
            "BACKENDS": "syndication", "REFRESH": "later: 0h,gone: 0h,losing: 1",
            "WAYBACK_PACING": "0",
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setenv(f"EMBEDARCHIVE_{name}", value)
        monkeypatch.setenv("XDG_CONFIG_HOME", "/nonexistent")
        yield running


def tell(server: Server, lens: str, turn: str, **more: object) -> None:
    server.world.add_post(
        LENS, "SandholmPort", "Harbour", lens, media=(Picture("Lens"),), code="Qw7LmT2xVd"
    )
    server.world.add_post(
        TURN, "norringclocks", "Norring", turn, media=(Picture("Turn"),), **more  # type: ignore[arg-type]  # facts
    )  # fmt: skip
    server.world.add_post(NEWS, "norringclocks", "Norring", "News", media=(Picture("News"),))


class Case:
    """One command: how to come to where it starts, and what a good run of it makes."""

    def __init__(self, server: Server, folder: Path, name: str) -> None:
        self.server, self.folder, self.name = server, folder, name
        self.article = folder / "articles" / "lens.txt"
        self.article.parent.mkdir()
        self.start = folder / "start.db"
        if name != "archive":
            self.article.write_text(ARTICLE, encoding="utf-8")
            assert command("archive", "-q", self.start, self.article) == 0
            tell(
                server, "The lens is ashore.", "", gone="This Post was deleted by the Post author."
            )
        new = f"Updated: https://x.com/norringclocks/status/{NEWS}\n\n"
        is_new = name == "archive again"
        self.article.write_text(new * is_new + ARTICLE, encoding="utf-8")

    def fresh(self, label: str) -> Path:
        path = self.folder / f"{label}.db"
        if self.start.exists():
            shutil.copy(self.start, path)
        return path

    def run(self, path: Path) -> int:
        if self.name == "refresh":
            return command("refresh", "-q", path)
        return command("archive", "-q", path, self.article)


def is_made(path: Path) -> bool:
    """Whether the run came so far as to make the tables."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as conn:
        return bool(conn.execute("SELECT 1 FROM sqlite_master").fetchone())


def chosen(count: int) -> list[int]:
    if count <= FEW or os.environ.get("EMBEDARCHIVE_TORTURE"):
        return list(range(1, count + 1))
    return sorted({1 + number * (count - 1) // (FEW - 1) for number in range(FEW)})


@pytest.mark.parametrize("seam", SEAMS)
@pytest.mark.parametrize("name", ["archive", "archive again", "refresh"])
def test_every_call_may_fail(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, seam: str
) -> None:
    case = Case(server, tmp_path, name)
    good = case.fresh("good")
    with Faults(tmp_path).around(monkeypatch) as counting:
        assert case.run(good) == 0
    expected = contents(good)
    assert counting.calls[seam] or (name, seam) == ("refresh", "open")
    for nth in chosen(counting.calls[seam]):
        for for_good in (False, True):
            path = case.fresh(f"{nth}-{for_good}")
            with Faults(tmp_path).around(monkeypatch) as faults:
                # A request that could not be sent is waited for all the same.
                monkeypatch.setenv("EMBEDARCHIVE_TIMEOUT", "0.3")
                faults.seam, faults.nth, faults.for_good = seam, nth, for_good
                code = case.run(path)
            monkeypatch.delenv("EMBEDARCHIVE_TIMEOUT")
            where = (name, seam, nth, for_good, code)
            assert code in DOCUMENTED, where
            if is_made(path):
                assert command("check", "-q", path) == 0, where
            assert case.run(path) == 0, where
            assert contents(path) == expected, where
