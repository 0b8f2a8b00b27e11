"""Start-up: `embedarchive --version` against `python -c "import typer"`, as a ratio.

python benchmarks/startup.py
"""

from __future__ import annotations

import subprocess
import sys
import time

ROUNDS = 25
GOAL = 1.5


def seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Print the ratio of the best of many alternating rounds: noise only ever adds."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        floor.append(seconds(sys.executable, "-c", "import typer"))
        ours.append(seconds(sys.executable, "-m", "embedarchive", "--version"))
    ratio = min(ours) / min(floor)
    print(f"--version {min(ours) * 1000:.0f} ms, import typer {min(floor) * 1000:.0f} ms")
    print(f"ratio {ratio:.2f} (goal: at most {GOAL})")


if __name__ == "__main__":
    main()
