"""Run the loopback world by hand: `python -m tests.loopback --port 9000`."""

from __future__ import annotations

import argparse
import time

from . import Picture, Server, World, recorded


def demo() -> World:
    """A few posts of each kind, and the recorded answers where they are present."""
    world = World()
    world.add_post(
        "1600000000000000001", "harbour_notes", "Harbour Notes", "The ferry is late & full."
    )
    world.add_post(
        "1600000000000000002",
        "harbour_notes",
        "Harbour Notes",
        "Fog over the pier this morning #harbour",
        media=(Picture("FogOverPier", alt="A pier that ends in fog"),),
        code="FogPier001",
    )
    world.add_post(
        "1600000000000000003",
        "gone_gull",
        "Gull",
        "",
        gone="This Post was deleted by the Post author.",
    )
    return world


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9000, help="0 picks a free one")
    port = parser.parse_args().port
    world = demo()
    count = recorded.load(world)
    with Server(world, port) as server:
        print(f"{len(world.posts)} posts and {count} recorded answers. In config.toml:\n")
        print(f'endpoints = {{ "*" = "{server.base}" }}\n')
        print(f"or for one command: EMBEDARCHIVE_ENDPOINTS='*={server.base}'", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
