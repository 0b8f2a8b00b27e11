"""No field is dead and none lets anything in: loops over every field of what a card is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

import pytest

from embedarchive.models import Embed, Level, MediaFile, Target
from embedarchive.render import make_card
from embedarchive.render.view import Card, Inert

from .changing import variations, with_each_text
from .filling import emptied, filled
from .making_embeds import features, make_record, whole_embed
from .test_card import collected, html_of, payloads, structure

PICTURE = MediaFile("a" * 64, "image/png", 3)
FILM = MediaFile("b" * 64, "video/mp4", 3)
MEDIA = {
    f"https://pbs.example/{name}.png": PICTURE for name in ("avatar", "badge", "media", "card")
}
TOLD = {
    **{name: PICTURE for name in ("image", "avatar", "badge")},
    "film": FILM,
    "Card.level": Level.DISPUTED,
    "url": "https://example.org/a",
    "iso": "2021-06-13T16:25:00Z",
    "linked_data": Inert('{"a":1}'),
    "Byline.avatar_shape": "square",
    "Change.op": "insert",
    "Medium.kind": "gif",
    "Post.lang": "ar",
    "Post.direction": "rtl",
}


def card(depth: int = 1) -> Card:
    """A card with every field filled."""
    made: Card = filled(Card, TOLD, depth=depth)
    return made


def html_of_embed(embed: Embed) -> str:
    """With its pictures stored, and with its films too."""
    films = {**MEDIA, "https://video.example/a.mp4": FILM}
    return "".join(html_of(make_card(make_record(embed, media=m))) for m in (MEDIA, films))


def unseen(
    value: Any, show: Callable[[Any], str], reasons: dict[str, str], *others: Any
) -> set[str]:
    """The fields that can change without a change in what is shown, and without a reason.

    Not of the whole value alone: what a filled field hides may show where that one is empty.
    """
    left = without({path for path, _ in variations(value)}, reasons)
    for whole in (value, *others, *(one for _, one in emptied(value))):
        if not left:
            break
        before = show(whole)
        for path, changed in variations(whole):
            if path in left and show(changed) != before:
                left.discard(path)
    return left


def without(paths: set[str], reasons: dict[str, str]) -> set[str]:
    return {path for path in paths if not any(re.fullmatch(one, path) for one in reasons)}


IN_CARD = {
    r".*\.(image|film|avatar|badge)\.size": "for the disk, not the page",
    r".*\.avatar_copied\.url": "its words are the picture's title, and `history` has the address",
    r".*\.(quote|repost|parent)\.(network|post_id)": "its address is linked",
    r"\.archived_on\.iso": "its day alone is told to machines, and the change is behind it",
}


def test_each_field_of_a_card_shows() -> None:
    assert unseen(card(), html_of, IN_CARD) == set()


@pytest.mark.parametrize("place", ["quote", "repost"])
def test_each_field_of_a_post_in_another_shows(place: str) -> None:
    """As far as it shows in the post that quotes or repeats it."""
    nested = card(depth=2)
    before = html_of(nested)
    hidden = {path for path, changed in variations(nested) if html_of(changed) == before}
    hidden_inside = {
        path.replace(f".{place}.", ".", 1) for path in hidden if path.startswith(f".post.{place}.")
    }
    assert without(hidden_inside - hidden, {r"\.post\.(network|post_id)": "it is linked"}) == set()


IN_EMBED = {
    r".*\.(codes\[.\]|code)": "for finding posts, not for reading them",
    r"\.card\.name": "a kind of the service's own",
    r"\.edits\.post_ids\[0\]": "only how many came before is told",
    r"\.media\[.\]\.variants\[.\]\.(url|bitrate|content_type)": "the stored file is shown",
}


def test_each_field_of_an_embed_shows() -> None:
    whole = whole_embed(depth=1)
    old = replace(whole, target=Target("x", "20"), created_at=None)
    assert unseen(whole, html_of_embed, IN_EMBED, old) == set()


def test_each_field_of_an_embed_is_in_a_golden() -> None:
    """A feature that no golden holds would be judged by nobody."""
    told: set[str] = set()
    for record in features()[0].values():
        if record.snapshot and record.snapshot.capture.embed:
            told |= set(_told(record.snapshot.capture.embed))
    missing = set(_all_fields(Embed)) - told
    machines = {"Entity.code", "Media.code", "Embed.codes", "MediaVariant.bitrate"}
    assert missing <= machines


def _told(value: Any) -> Iterator[str]:
    """`Class.field` of each field that holds other than its default."""
    for field in fields(value):
        held = getattr(value, field.name)
        if held is None or held == () or held == field.default:
            continue
        yield f"{type(value).__name__}.{field.name}"
        for item in held if isinstance(held, tuple) else (held,):
            if is_dataclass(item):
                yield from _told(item)


def _all_fields(kind: type, seen: frozenset[type] = frozenset()) -> Iterator[str]:
    for name, hint in get_type_hints(kind).items():
        yield f"{kind.__name__}.{name}"
        for inner in {hint, *get_args(hint)}:
            if is_dataclass(inner) and isinstance(inner, type) and inner not in {kind, *seen}:
                yield from _all_fields(inner, seen | {kind})


# --- every field times every payload -------------------------------------------------------------

ADDRESS = re.compile(r"""\b(?:href|src|cite|poster|data-versionurl)="([^"]*)\"""")
ALLOWED = re.compile(r"https?://|(?:media|posts)/")


def test_each_field_of_a_card_takes_every_payload_as_text() -> None:
    """All payloads in one text: one that ended an element early would leave another structure."""
    whole = card()
    hostile = "\n".join(collected())
    benign = dict(with_each_text(whole, "a benign text of some length"))
    assert len(benign) > 100
    for path, changed in with_each_text(whole, hostile):
        if path != ".linked_data.html":  # markup, that only this package makes
            assert structure(html_of(changed)) == structure(html_of(benign[path])), path


def test_each_field_of_an_embed_takes_every_payload_as_text() -> None:
    whole = whole_embed(depth=1)
    hostile = "\n".join(collected())
    benign = dict(with_each_text(whole, "a benign text of some length"))
    for path, changed in with_each_text(whole, hostile):
        html = html_of_embed(changed)
        assert structure(html) == structure(html_of_embed(benign[path])), path
        assert all(ALLOWED.match(address) for address in ADDRESS.findall(html)), path


ADDRESSES = (
    *("url", "avatar_url", "label_url", "label_badge_url", "image_url", "quote_url", "page_url"),
    "repost_url",
    *("Media.url", "MediaVariant.url"),
)


def test_no_payload_becomes_an_address() -> None:
    for payload in payloads():
        embed = whole_embed(depth=1, told=dict.fromkeys(ADDRESSES, payload))
        links = list(_links(make_card(make_record(embed, media=MEDIA))))
        assert [link for link in links if not ALLOWED.match(link)] == [], payload


def _links(value: Any) -> Iterator[str]:
    """Every address below a value of the view."""
    names = getattr(value, "_fields", ()) or (
        [f.name for f in fields(value)] if is_dataclass(value) else ()
    )
    for name in names:
        held = getattr(value, name)
        if name == "url" and isinstance(held, str):
            yield held
        yield from _links(held)
    if isinstance(value, tuple) and not names:
        for item in value:
            yield from _links(item)
