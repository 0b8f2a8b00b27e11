"""Real engines: Ray with a worker killed in the middle, Spark by the lines in the documents."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import ROOT, run
from tests.making_crawls import POST

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif("EMBEDARCHIVE_CLUSTER" not in os.environ, reason="run by .ci/cluster"),
]
FILES, ARTICLES = 6, 300
FLATTENED = (
    "The lens is on the barge. All 1,344 prisms of it. pic.twitter.com/Qw7eRt{0:04}\n"
    "— Sandholm Harbour (@SandholmPort) May 14, 2023"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files large enough to be units of their own, with articles that take a moment; the last one
    is shared in pieces."""
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(FILES):
        padding = "x" * (14_000 if number < FILES - 1 else 120_000)
        with (folder / f"{number}.jsonl").open("w", encoding="utf-8") as file:
            for article in range(ARTICLES):
                text = "\n\n".join([FLATTENED.format(article), f"{number}: {POST}", padding])
                file.write(json.dumps({"text": text}) + "\n")
    return folder


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def below(parent: int) -> Iterator[tuple[int, str]]:
    """The processes below one, with what they call themselves."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    waiting = list(children.get(parent, []))
    while waiting:
        number = waiting.pop()
        waiting += children.get(number, [])
        try:
            name = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        yield number, name


def test_ray_finds_the_same_though_a_worker_is_killed(corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    assert run("scan", corpus, "--to-parquet", here, timeout=300).returncode == 0
    command = [sys.executable, "-m", "embedarchive", "scan", str(corpus)]
    command += ["--to-parquet", str(there), "--engine", "ray", "--jobs", "3"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    killed = None
    deadline = time.monotonic() + 120
    while killed is None and process.poll() is None and time.monotonic() < deadline:
        killed = next(
            (n for n, name in below(process.pid) if "ray::MapWorker(Map(Scanner))" in name), None
        )
        if killed is not None:
            os.kill(killed, signal.SIGKILL)
        time.sleep(0.05)
    _, words = process.communicate(timeout=300)
    assert process.returncode == 0, words
    assert killed is not None
    assert rows(there) == rows(here)
    assert len(rows(here)) == 2 * FILES * ARTICLES
    last = [row["row"] for row in rows(there)[-2 * ARTICLES :: 2]]
    assert last == list(range(1, ARTICLES + 1))
    assert f"{2 * FILES * ARTICLES} references" in words


@pytest.fixture
def cluster() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a Ray that was begun in another folder, and what one needs to be let in."""
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    # Else Ray 2.60 makes or takes the user's own.
    allowed = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    with tempfile.TemporaryDirectory(prefix="ray-") as folder:  # a short name, for its sockets
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"]
        command += ["--node-ip-address", "127.0.0.1", "--include-dashboard=false"]
        command += ["--port", address.rpartition(":")[2], "--temp-dir", folder, "--num-cpus", "2"]
        head = subprocess.Popen(
            [*command, "--disable-usage-stats"], cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **allowed},
        )  # fmt: skip
        try:
            assert any("Ray runtime started" in line for line in head.stdout or ())
            yield address, allowed
        finally:
            head.terminate()  # and with it all that it began
            head.communicate(timeout=60)


def test_relative_names_mean_the_same_on_a_cluster(cluster: tuple[str, dict[str, str]]) -> None:
    address, allowed = cluster
    here = run("scan", "examples", "--nl")
    there = run(
        "scan", "examples", "--nl", "--engine", "ray", "--address", address, env=allowed,
        timeout=150,
    )  # fmt: skip
    assert there.returncode == 0, there.stderr
    assert "examples/harbour.txt" in here.stdout
    assert there.stdout == here.stdout


def test_an_address_where_no_ray_listens() -> None:
    pytest.importorskip("ray")
    with socket.socket() as silent:  # a port that is taken, so that nobody else listens there
        silent.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        done = run("scan", "examples", "--nl", "--engine", "ray", "--address", address)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"Error: no Ray at {address}: Connection refused\n"
    done = run("scan", "examples", "--nl", "--engine", "ray", "--address", "harbour:x")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: no Ray at harbour:x: ")


def test_the_lines_for_spark(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    text = (ROOT / "docs" / "corpora.md").read_text(encoding="utf-8")
    lines = re.search(r"<!-- spark -->\s*```python\n(.*?)```", text, re.DOTALL)
    assert lines
    articles = [
        {"url": f"https://news.example/{number}", "text": FLATTENED.format(number)}
        for number in range(200)
    ]
    pq.write_table(pa.Table.from_pylist(articles), tmp_path / "articles.parquet")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.driver.bindAddress=127.0.0.1"
        " --conf spark.driver.host=127.0.0.1 --conf spark.ui.enabled=false pyspark-shell",
    }
    done = subprocess.run(
        [sys.executable, "-c", lines[1]], cwd=tmp_path, env=environment, capture_output=True,
        text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = rows(tmp_path / "references")
    assert {row["uri"] for row in found} == {article["url"] for article in articles}
    assert {row["handle"] for row in found} == {"SandholmPort"}
