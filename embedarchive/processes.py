"""How processes for work begin: with the scanner imported already, and without what it does not
need. Imports next to nothing."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from multiprocessing.context import BaseContext

_NEEDED = ["embedarchive.documents", "embedarchive.finding", "embedarchive.sifting"]
"""All that a worker needs and that starts no threads, as pyarrow does when it is imported: a forked
process has the locks of such threads, and not the threads."""


class _NoPandas:
    """A finder that says of pandas that it is not there, where it is."""

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is kept out of this process", name=name)


_NO_PANDAS = _NoPandas()


def keep_pandas_out() -> None:
    """Of this process, which has to be ours: pyarrow imports pandas, where it is installed, to ask
    of each list whether it is one of its columns. No list of ours is, and it takes long."""
    if _NO_PANDAS not in sys.meta_path:
        sys.meta_path.insert(0, _NO_PANDAS)


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
