"""Ray, here or on a cluster (docs.ray.io). Needs the extra `cluster`.

Workers read the sources by the names given: on a cluster these must lie where each node sees them.
What a worker made comes back as a file's bytes, so that only the caller needs the goal's disk. Ray
begins a unit anew whose worker or node was lost.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import InputError, UsageError
from ..parts import Summary
from ..processes import keep_pandas_out
from ..units import Options, Unit

_AHEAD = 1024
"""Units that are handed out at once, where Ray knows how many workers there can be: none of them
waits for the caller, and what is done and not yet fetched stays small."""


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
        """A task each; no more than `jobs` of them at once, on a cluster as many as it takes."""
        address = address or os.environ.get("RAY_ADDRESS")
        ray = _connected(address, jobs)
        # Tasks and no Ray Data: that imports pandas in each worker, begins more processes than
        # there are workers, and hands a task out only when the caller knows of one that is done.
        work = ray.remote(num_cpus=1)(scan)
        remaining = iter(units)
        under_way: dict[Any, Unit] = {}
        try:
            while True:
                ahead = (jobs if address and jobs else _AHEAD) - len(under_way)
                for unit in islice(remaining, ahead):
                    under_way[work.remote(unit, options, is_kept)] = unit
                if not under_way:
                    return
                (done,), _ = ray.wait(list(under_way))
                unit = under_way.pop(done)
                content, summary = ray.get(done)
                path = folder / unit.name
                partial = path.with_suffix(".tmp")
                partial.write_bytes(content)
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
    except ImportError:
        raise UsageError("--engine ray needs: pip install 'embedarchive[cluster]'") from None
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        ray.init(
            address=address or "local",  # and none that somebody began on this machine
            num_cpus=None if address else jobs,
            include_dashboard=False,
            logging_level=logging.ERROR,
            log_to_driver=False,
        )
    except (ConnectionError, ValueError) as error:
        raise UsageError(f"no Ray at {address or 'this machine'}: {error}") from error
    return ray


def scan(unit: Unit, options: Options, is_kept: bool) -> tuple[bytes, Summary]:
    """In a worker: a unit's file and summary."""
    from ..worker import scan_unit  # noqa: PLC0415  # start-up: the caller scans nothing

    keep_pandas_out()
    with tempfile.TemporaryDirectory(prefix="embedarchive-") as folder:
        path = Path(folder) / "part.parquet"
        summary = scan_unit(unit, options, path, on_bytes=lambda count: None, is_kept=is_kept)
        return path.read_bytes(), summary


ENGINE = Ray()
