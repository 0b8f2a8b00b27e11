"""Recorded answers of the real services, where the shared material is present."""

from __future__ import annotations

import json
import re

from tests.shared import SHARED

from .faults import HTML
from .world import Copy, Reply, World


def load(world: World) -> int:
    """Serve every recorded answer by its id, pages as the archive's copies; returns how many."""
    count = 0
    for kind, bodies in (
        ("syndication", world.syndication_bodies),
        ("oembed", world.oembed_bodies),
    ):
        for path in sorted((SHARED / "recorded" / kind).glob("[0-9]*.json")):
            body = path.read_bytes()
            bodies[path.stem.partition("-")[0]] = body
            _remember_codes(world, json.loads(body))
            count += 1
    for path in sorted((SHARED / "recorded/fxtwitter").glob("status-*.json")):
        world.fxtwitter_bodies[path.stem.rpartition("-")[2]] = path.read_bytes()
        count += 1
    for path in sorted((SHARED / "recorded/pages").glob("*.html")):
        year, number = path.stem.split("-")[-2:]
        body = path.read_bytes()
        handle = re.search(rb"(?:twitter|x)\.com/(\w{1,15})/status/" + number.encode(), body)
        assert handle is not None
        url = f"https://twitter.com/{handle[1].decode()}/status/{number}"
        world.copies.append(Copy(f"{year}0601000000", url, Reply(200, body, HTML)))
        count += 1
    return count


def _remember_codes(world: World, body: dict[str, object]) -> None:
    for item in body.get("mediaDetails") or []:
        world.codes[item["url"].rsplit("/", 1)[1]] = item["expanded_url"]
    for item in (body.get("entities") or {}).get("urls") or []:
        world.codes[item["url"].rsplit("/", 1)[1]] = item["expanded_url"]
