"""Ray Data, here or on a cluster (docs.ray.io). Needs the extra `cluster`.

Workers read the sources by the names given: on a cluster these must lie where each node sees them.
What a worker made comes back as a file's bytes, so that only the caller needs the goal's disk. Ray
begins a unit anew whose worker or node was lost.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import InputError, UsageError
from ..models import Piece
from ..parts import Summary
from ..units import Options, Unit


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
        """One row a unit goes out, one comes back."""
        ray = _connected(address, jobs)
        rows = [
            {"number": number, "unit": json.dumps(asdict(unit)), "options": _told(options, is_kept)}
            for number, unit in enumerate(units)
        ]
        # `jobs` is how many are under way at once; Ray knows how many there can be.
        work = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            _work, num_cpus=1, compute=ray.data.TaskPoolStrategy(size=jobs)
        )
        try:
            for row in work.iter_rows():
                unit = units[row["number"]]
                path = folder / unit.name
                partial = path.with_suffix(".tmp")
                partial.write_bytes(row["file"])
                os.replace(partial, path)
                on_bytes(unit.size)
                yield unit, Summary.of(json.loads(row["summary"]))
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
        ray.init(
            address=address,
            num_cpus=None if address else jobs,
            logging_level=logging.ERROR,
            log_to_driver=False,
        )
    except (ConnectionError, ValueError) as error:
        raise UsageError(f"--address {address}: no Ray there: {error}") from error
    return ray


def _told(options: Options, is_kept: bool) -> str:
    return json.dumps({"options": asdict(options), "is_kept": is_kept})


def _work(row: dict[str, Any]) -> dict[str, Any]:
    """In a worker: a unit's file and summary."""
    from ..worker import scan_unit  # noqa: PLC0415  # start-up: the caller scans nothing

    unit, told = json.loads(row["unit"]), json.loads(row["options"])
    unit["sources"] = tuple(unit["sources"])
    unit["piece"] = unit["piece"] and Piece(*unit["piece"])
    told["options"]["kinds"] = tuple(told["options"]["kinds"])
    with tempfile.TemporaryDirectory(prefix="embedarchive-") as folder:
        path = Path(folder) / "part.parquet"
        summary = scan_unit(
            Unit(**unit),
            Options(**told["options"]),
            path,
            on_bytes=lambda count: None,
            is_kept=told["is_kept"],
        )
        return {
            "number": row["number"],
            "file": path.read_bytes(),
            "summary": json.dumps(asdict(summary)),
        }


ENGINE = Ray()
