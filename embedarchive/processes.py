"""How processes for work begin: with the scanner imported already. Imports next to nothing."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from multiprocessing.context import BaseContext

_NEEDED = ["embedarchive.documents", "embedarchive.finding", "embedarchive.sieve"]
"""All that a worker needs and that starts no threads, as pyarrow does when it is imported: a forked
process has the locks of such threads, and not the threads."""


def context() -> BaseContext:
    """Forked from a process that has imported what takes long, once for all; where there is no
    such thing, as on Windows, spawned."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(_NEEDED)
    return processes


def prepare() -> None:
    """Begin to import, in a process beside this one, so that the first worker waits the less."""
    if context().get_start_method() != "forkserver":
        return
    from multiprocessing import forkserver  # noqa: PLC0415  # not where there is none

    is_main = threading.current_thread() is threading.main_thread()
    # It is not to hear ^C, and ignores it itself only when it has imported all.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if is_main else None
    try:
        forkserver.ensure_running()
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
