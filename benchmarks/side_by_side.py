"""The same answers of X's embed service as a card of ours and as one of react-tweet's.

    npm install --prefix FOLDER react-tweet@3.3.1 react@19 react-dom@19 esbuild playwright-core
    EMBEDARCHIVE_NODE_MODULES=FOLDER/node_modules python benchmarks/side_by_side.py [--pages OUT]

Reads the material's recorded answers; for what none of them holds, a part of the documented shape
is added to one of them (`invented_parts.jsonl`, marked * in the table). Both cards are opened in
Chromium, and each fact of an answer is looked for in what is shown there: words in sight, names
for screen readers, links, pictures that loaded.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from _facts import Fact, facts_of, squeezed
from _material import shared_folder
from _tables import Tally

from embedarchive.backends.syndication import BACKEND
from embedarchive.errors import UpstreamError
from embedarchive.models import (
    Capture,
    Embed,
    Level,
    MediaFile,
    Payload,
    PostRecord,
    Response,
    Snapshot,
    Target,
)
from embedarchive.render import render_post

HERE = Path(__file__).resolve().parent
PARTS = HERE / "invented_parts.jsonl"
NOW = datetime(2024, 5, 3, tzinfo=UTC)
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What a card shows in Chromium."""

    words: str
    names: str
    links: tuple[tuple[str, str], ...]
    images: Mapping[str, float]
    """The picture's address at the service → its rounded corners as a share of its width."""
    languages: frozenset[str]
    asked: int
    """Requests that opening the card makes."""


def read_answers(shared: Path) -> dict[str, list[Object]]:
    """Recorded answers; and recorded ones to which a part was added that none of them holds."""
    folders = (shared / "recorded/syndication", shared / "recorded/syndication_shapes")
    paths = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    recorded = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    lines = PARTS.read_text(encoding="utf-8").splitlines()
    parts = [json.loads(line) for line in lines]
    invented = [merged(_base(recorded, one["onto"]), one["part"]) for one in parts]
    return {"recorded": recorded, "invented": invented}


def _base(recorded: Sequence[Object], onto: str) -> Object:
    """The first recorded post that is plain, has a quote, or begins with a photo or a video."""
    for post in recorded:
        if not post.get("user"):
            continue
        media, has_quote = post.get("mediaDetails"), "quoted_tweet" in post
        kind = media[0]["type"] if media else "quote" if has_quote else "plain"
        if kind == onto and "card" not in post and "parent" not in post:
            return post
    raise LookupError(onto)


def merged(base: Any, part: Any) -> Any:
    """The base with the part's values in place of its own, at every depth; null takes one away."""
    if isinstance(base, dict) and isinstance(part, dict):
        both = {**base, **{key: merged(base.get(key), value) for key, value in part.items()}}
        return {key: value for key, value in both.items() if value is not None}
    if isinstance(base, list) and isinstance(part, list) and part:
        return [*map(merged, base, part), *base[len(part) :], *part[len(base) :]]
    return part


# --- ours ----------------------------------------------------------------------------------------


def make_record(answer: Object) -> PostRecord:
    """What the archive would hold after this one answer and its pictures."""
    body = json.dumps(answer).encode()
    target = Target("x", str(answer.get("id_str", "1")))
    response = Response("https://cdn.syndication.twimg.com/", 200, {}, body, NOW)
    read = BACKEND.parse(target, response)
    payload = Payload(f"sha256:{sha256(body).hexdigest()}", body, response.url, 200, {})
    capture = Capture(target, "syndication", read.outcome, NOW, payload, read.embed, read.reason)
    visit = Snapshot(1, capture)
    return PostRecord(
        key=f"x-{target.post_id}",
        target=target,
        level=Level.OBSERVED,
        references=(),
        snapshot=visit if read.embed else None,
        visits=(visit,),
        media={url: media_file(url) for url in sorted(media_urls(read.embed))},
    )


def media_urls(embed: Embed | None) -> set[str]:
    """Every picture that a card of the post could show."""
    if embed is None:
        return set()
    own = {embed.author.avatar_url, embed.author.label_badge_url}
    own |= {medium.url for medium in embed.media if medium.availability == "available"}
    if embed.card:
        own.add(embed.card.image_url)
    return {url for url in own if url} | media_urls(embed.quote) | media_urls(embed.parent)


def media_file(url: str) -> MediaFile:
    """A pixel that knows where it comes from."""
    content = PIXEL + url.encode()
    _CONTENTS[
        (file := MediaFile(sha256(content).hexdigest(), "image/png", len(content))).sha256
    ] = content
    return file


_CONTENTS: dict[str, bytes] = {}


def our_page(answer: Object) -> str:
    return render_post(make_record(answer), _CONTENTS.__getitem__)


# --- theirs --------------------------------------------------------------------------------------


class ReactTweet:
    """react-tweet, bundled once with its style."""

    def __init__(self, modules: Path, folder: Path) -> None:
        self._script = folder / "react_tweet.cjs"
        self.version = json.loads((modules / "react-tweet/package.json").read_text())["version"]
        shutil.copy(HERE / "react_tweet.jsx", folder)
        (folder / "node_modules").symlink_to(modules)
        subprocess.run(
            [
                modules / ".bin/esbuild",
                folder / "react_tweet.jsx",
                *("--bundle", "--platform=node", "--jsx=automatic", "--log-level=error"),
                *("--loader:.module.css=local-css", "--conditions=default"),
                '--define:process.env.NODE_ENV="production"',
                f"--outfile={self._script}",
            ],
            check=True,
        )
        self._style = self._script.with_suffix(".css").read_text(encoding="utf-8")

    def render(self, answers: Sequence[Object]) -> list[Object]:
        """`html` or `error` of each answer."""
        done = subprocess.run(
            ["node", self._script], input=json.dumps(answers), capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        made: list[Object] = json.loads(done.stdout)
        return made

    def page(self, html: str) -> str:
        return f"<!doctype html><meta charset=utf-8><style>{self._style}</style>{html}"


# --- looking -------------------------------------------------------------------------------------


def look(pages: Sequence[str], root: str, modules: Path, folder: Path) -> list[Look]:
    """What Chromium shows of each page inside the element that the selector `root` names.

    The pages stay in `folder`, and pictures of them.
    """
    chromium = shutil.which("chromium") or shutil.which("chrome")
    if chromium is None:
        sys.exit("no Chromium here")
    folder.mkdir()
    paths = []
    for number, page in enumerate(pages):
        paths.append(folder / f"{number:03}.html")
        paths[-1].write_text(page, encoding="utf-8")
    done = subprocess.run(
        ["node", HERE / "look.cjs", chromium, root, folder, *paths],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NODE_PATH": str(modules)},
    )
    return [_look(found) for found in json.loads(done.stdout)]


def _look(found: Object) -> Look:
    shown = found["shown"]
    words = squeezed(shown["words"])
    return Look(
        words=words,
        names=" ".join([words, *map(squeezed, shown["names"])]),
        links=tuple((squeezed(text), href.rstrip("/")) for text, href in shown["links"]),
        images={_original(src): corners for src, corners in shown["images"]},
        languages=frozenset(lang for lang, text in shown["languages"] if text.strip()),
        asked=len(found["asked"]),
    )


def _original(src: str) -> str:
    """Where a picture comes from, whatever its size: ours tell it behind their last byte."""
    if src.startswith("data:"):
        content = b64decode(unquote_to_bytes(src.partition(",")[2]))
        src = content.removeprefix(PIXEL).decode()
    return _stem(src)


def _stem(url: str) -> str:
    path = urlsplit(url).path
    return re.sub(r"(_(normal|bigger|mini|x96))?(\.(jpg|png|jpeg))?$", "", path)


def holds(card: Look, fact: Fact) -> bool:
    """Whether the card shows it; of several wordings one is enough."""
    wordings = [squeezed(wording) for wording in fact.what.split("|")] or [""]
    match fact.way:
        case "words":
            return any(_has(card.words, wording) for wording in wordings)
        case "named":
            return any(_has(card.names, wording) for wording in wordings)
        case "link":
            where = fact.where.rstrip("/")
            return any(
                text == squeezed(fact.what) and (not where or href == where)
                for text, href in card.links
            )
        case "image":
            return _stem(fact.what) in card.images
        case "corners":
            corners = card.images.get(_stem(fact.where))
            return corners is not None and (corners >= 0.5) == (fact.what == "round")
        case "language":
            return fact.what.partition("-")[0] in {
                lang.partition("-")[0] for lang in card.languages
            }
    raise ValueError(fact.way)


def _has(text: str, words: str) -> bool:
    """A number must stand for itself and not be part of another."""
    if not words[:1].isdigit():
        return words in text
    return re.search(rf"(?<![\d.,:]){re.escape(words)}(?![\d:]|[.,]\d)", text) is not None


# --- one key less --------------------------------------------------------------------------------


def with_one_key_less(answer: Object) -> Iterator[Object]:
    """The answer without one of its keys, at any depth, each in turn."""
    for path in _paths(answer, ()):
        other = copy.deepcopy(answer)
        holder: Any = other
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield other


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(value, dict):
            yield (*path, key)
        if isinstance(inner, dict | list):
            yield from _paths(inner, (*path, key))


def survives(answer: Object) -> bool:
    """Whether ours makes a card, or says in its own words why there is none."""
    try:
        our_page(answer)
    except UpstreamError:
        return True
    except Exception as error:  # noqa: BLE001 - a crash of any kind is what is counted
        print(f"ours: {error!r}", file=sys.stderr)
        return False
    return True


# --- the table -----------------------------------------------------------------------------------

ROOTS = {"ours": "article.card", "react-tweet": ".react-tweet-theme"}
"""The element of each card."""


def compare(
    answers: Sequence[Object], rival: ReactTweet, modules: Path, folder: Path, *, missing: bool
) -> dict[str, dict[str, Tally]]:
    """Feature → who → how many of its facts that card shows."""
    made = rival.render(answers)
    pages = {
        "ours": [our_page(answer) for answer in answers],
        "react-tweet": [rival.page(one.get("html", NO_CARD)) for one in made],
    }
    looks = {who: look(pages[who], ROOTS[who], modules, Path(f"{folder}-{who}")) for who in ROOTS}
    print(f"{len(answers)} {folder.name} answers", end="")
    for who, seen in looks.items():
        print(f"; {who}: {sum(one.asked for one in seen)} requests when opened", end="")
    print(f", {sum('error' in one for one in made)} without a card")
    tallies: dict[str, dict[str, Tally]] = {}
    for number, answer in enumerate(answers):
        for fact in facts_of(answer):
            row = tallies.setdefault(fact.feature, dict.fromkeys(ROOTS, Tally()))
            for who in ROOTS:
                is_held = holds(looks[who][number], fact)
                row[who] += Tally(int(is_held), 1)
                if missing and not is_held:
                    print(f"{who}, {folder.name} {number}: {fact}", file=sys.stderr)
    return tallies


NO_CARD = '<div class="react-tweet-theme"></div>'


def crashes(answers: Sequence[Object], rival: ReactTweet) -> tuple[int, dict[str, int]]:
    """How many answers lack one of their keys, and how many of these each cannot stand."""
    lesser = [less for answer in answers for less in with_one_key_less(answer)]
    ours = sum(not survives(one) for one in lesser)
    theirs = sum("error" in one for one in rival.render(lesser))
    return len(lesser), {"ours": ours, "react-tweet": theirs}


def main() -> None:
    """Print the table for the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="the measuring material")
    parser.add_argument("--pages", type=Path, help="keep the pages there, and how they look")
    parser.add_argument("--missing", action="store_true", help="list what either card lacks")
    parser.add_argument("--keys", action="store_true", help="also leave out each key in turn")
    arguments = parser.parse_args()
    modules = Path(os.environ.get("EMBEDARCHIVE_NODE_MODULES", "node_modules")).resolve()
    answers = read_answers(shared_folder(arguments.shared))
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.pages or Path(name)
        folder.mkdir(exist_ok=True)
        rival = ReactTweet(modules, folder)
        found = {
            kind: compare(listed, rival, modules, folder / kind, missing=arguments.missing)
            for kind, listed in answers.items()
        }
        print(f"\n| What the answer holds | ours | react-tweet {rival.version} |\n|---|--:|--:|")
        for kind, tallies in found.items():
            for feature, row in tallies.items():
                if kind == "recorded" or feature not in found["recorded"]:
                    mark = "" if kind == "recorded" else " *"
                    shares = (f"{row[who].right}/{row[who].all}" for who in ROOTS)
                    print(f"| {feature}{mark} | {' | '.join(shares)} |")
        if arguments.keys:
            print("\n{} answers with one key less; crashes: {}".format(
                *crashes(answers["recorded"], rival)))  # fmt: skip


if __name__ == "__main__":
    main()
