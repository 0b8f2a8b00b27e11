"""Recorded answers of the real services, where the shared material is present."""

from __future__ import annotations

import json

from tests.shared import SHARED

from .world import World


def load(world: World) -> int:
    """Serve every recorded syndication and oEmbed answer by its id; returns how many."""
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
    return count


def _remember_codes(world: World, body: dict[str, object]) -> None:
    for item in body.get("mediaDetails") or []:
        world.codes[item["url"].rsplit("/", 1)[1]] = item["expanded_url"]
    for item in (body.get("entities") or {}).get("urls") or []:
        world.codes[item["url"].rsplit("/", 1)[1]] = item["expanded_url"]
