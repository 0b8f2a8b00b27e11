"""Ray Data, here or on a cluster (docs.ray.io). Needs the extra `cluster`.

Workers read the sources by the names given, from the caller's folder where they have it: on a
cluster these must lie where each node sees them.
What a worker made comes back as a file's bytes, so that only the caller needs the goal's disk. Ray
begins a unit anew whose worker or node was lost.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import InputError, UsageError
from ..parts import Summary
from ..units import Options, Unit

_PATIENCE = 10.0
"""Seconds in which somebody must listen at the address of a cluster. Ray itself knocks at one where
nobody does for more than three minutes, with a line of its own every few seconds (2.60)."""


class Ray:
    name = "ray"

    def run(
        self,
        units: Sequence[Unit],
        options: Options,
        folder: Path,
        *,
        jobs: int | None,
        address: str | None,
        is_kept: bool,
        on_bytes: Callable[[int], None],
    ) -> Iterator[tuple[Unit, Summary]]:
        """One row a unit goes out, one comes back; `jobs` workers, or as many as the cluster
        has room for."""
        address = address or os.environ.get("RAY_ADDRESS")
        ray = _connected(address, jobs)
        rows = [{"unit": pickle.dumps(unit)} for unit in units]
        # Actors, not tasks: each has its next unit at hand, where a task waits for the caller.
        size = {"size": min(jobs, len(units))} if jobs else {"min_size": 1}
        work = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            Scanner,
            fn_constructor_args=(options, is_kept, os.getcwd()),
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(**size),
        )
        try:
            for row in work.iter_rows():
                unit, summary = pickle.loads(row["done"])  # noqa: S301  # our own worker's
                path = folder / unit.name
                partial = path.with_suffix(".tmp")
                partial.write_bytes(row["file"])
                os.replace(partial, path)
                on_bytes(unit.size)
                yield unit, summary
        except ray.exceptions.RayError as error:
            message = (
                f"Ray: {str(error).strip().splitlines()[-1]}; run it again: what is done is kept"
            )
            raise InputError(message, uri=str(folder)) from error
        finally:
            ray.shutdown()


def _connected(address: str | None, jobs: int | None) -> Any:
    try:
        import ray  # noqa: PLC0415  # an extra, and start-up
        import ray.data  # noqa: PLC0415  # as above
    except ImportError:
        raise UsageError("--engine ray needs: pip install 'embedarchive[cluster]'") from None
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False  # there is one already
    try:
        if address:
            _knock(address)
        ray.init(
            address=address or "local",  # and none that somebody began on this machine
            num_cpus=None if address else jobs,
            include_dashboard=False,
            logging_level=logging.ERROR,
            log_to_driver=False,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"no Ray at {address or 'this machine'}: {reason}") from error
    return ray


def _knock(address: str) -> None:
    """Raises OSError where nobody listens there, ValueError where it is no address.

    What names no port, as `auto`, is Ray's own to look up.
    """
    place = urlsplit(address if "://" in address else f"//{address}")
    if place.hostname and place.port:
        socket.create_connection((place.hostname, place.port), _PATIENCE).close()


class Scanner:
    """A worker: a unit goes in, and comes back with its file and summary."""

    def __init__(self, options: Options, is_kept: bool, folder: str) -> None:
        self._options = options
        self._is_kept = is_kept
        # Names stay as they were given, for they are told; Ray began this process elsewhere. A node
        # without that folder sees none of its files, and says so of each.
        with suppress(OSError):
            os.chdir(folder)

    def __call__(self, row: dict[str, bytes]) -> dict[str, bytes]:
        from ..worker import scan_unit  # noqa: PLC0415  # start-up: the caller scans nothing

        unit = pickle.loads(row["unit"])  # noqa: S301  # our own caller's
        with tempfile.TemporaryDirectory(prefix="embedarchive-") as folder:
            path = Path(folder) / "part.parquet"
            summary = scan_unit(
                unit, self._options, path, on_bytes=lambda count: None, is_kept=self._is_kept
            )
            return {"done": pickle.dumps((unit, summary)), "file": path.read_bytes()}


ENGINE = Ray()
