"""The real command line, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(
    *arguments: str | Path,
    endpoints: str | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run `embedarchive ARGUMENTS`; `endpoints` is the base URL that stands for every host.

    The environment is that of a cron job: no terminal, no locale, no home configuration.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "XDG_CONFIG_HOME": "/nonexistent",
        "EMBEDARCHIVE_PACING": "0",
        "EMBEDARCHIVE_WAYBACK_PACING": "0",
        "EMBEDARCHIVE_RETRIES": "0",
        **({"EMBEDARCHIVE_ENDPOINTS": f"*={endpoints}"} if endpoints else {}),
        **(env or {}),
    }
    done = subprocess.run(
        [sys.executable, "-m", "embedarchive", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=timeout,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
