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
    _add_examples(world)
    return world


def _add_examples(world: World) -> None:
    """The posts that the articles in `examples/` embed; one of them is gone."""
    harbour = ("SandholmPort", "Sandholm Harbour 🚢")
    clocks = ("norringclocks", "Norring & Daughters, Clockmakers")
    world.add_post(
        "1657692617044922369",
        *harbour,
        "The lens is on the barge. All 1,344 prisms of it.\n"
        "Come and see it lifted at ten, the coffee is on us ☕",
        media=(Picture("LensOnTheBarge", alt="A great glass lens on a barge", extension="png"),),
        code="Qw7LmT2xVd",
        likes=214,
    )
    world.add_post(
        "1658036000000000001",
        *clocks,
        "First full turn since 1983. Sound on! https://t.co/kP3nZ8sYbA",
        links={"kP3nZ8sYbA": "https://norring.example/sandholm"},
        media=(Picture("FirstFullTurn", kind="video", alt="Brass wheels begin to turn"),),
        code="Jd9RfH4uCe",
        likes=1032,
    )
    world.add_post("1796874362549178375", *clocks, "1,344. We counted. Twice.", likes=87)
    world.add_post("1455980648199098370", *clocks, "Prism 1 of 1344. Torchlight only.", likes=12)
    world.add_post(
        "1658015607813058562",
        "fyrogflamme",
        "Fyr & Flamme",
        "Tillykke til naboerne! Vi kan se lyset herfra igen.",
        lang="da",
        likes=45,
    )
    world.add_post(
        "961873735709642753",
        "keeper_notes",
        "Keeper",
        "",
        gone="This Post is from an account that no longer exists.",
    )


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
