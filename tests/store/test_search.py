"""Words find posts, and are never anything but words."""

from __future__ import annotations

import pytest

from embedarchive.models import (
    Media,
    Target,
)
from embedarchive.store import Archive

from ..making import make_document
from ..making_records import make_capture, make_embed
from .making import POST, TEXT, stub


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("rain", ["x-1787400000000000001", "claim-1"]),
        ("LAST rain", ["x-1787400000000000001", "claim-1"]),
        ("vaelkanor", ["claim-1", "x-1787400000000000001"]),
        ("umbrella", ["x-1787400000000000001"]),
        ("東京", ["x-1787400000000000001"]),
        ("京都", []),
        ("cafe", ["x-1787400000000000001"]),
        ("rain OR snow", []),
        ("rain NOT last", []),
        ("text:rain", []),
        ("ra*", []),
        ('"', []),
        ("' OR 1=1 --", []),
        ("NEAR(rain last)", []),
        ("rain\x00at", ["x-1787400000000000001", "claim-1"]),
        ("\ud800", []),
        ("", []),
        ("   ", []),
        (") (", []),
    ],
)
def test_search_takes_words_and_nothing_but_words(
    archive: Archive, query: str, finds: list[str]
) -> None:
    document = make_document(TEXT)
    archive.add_document(document, [stub(document)], "1")
    media = (Media("photo", "u", alt="A red umbrella in 東京"),)
    archive.add_capture(make_capture(POST, make_embed(POST, "Rain at last, café", media=media)))
    assert sorted(record.key for record in archive.search(query)) == sorted(finds)


def test_a_page_of_findings_after_the_other(archive: Archive) -> None:
    with archive.transaction():
        for n in range(450):
            post = Target("x", str(n))
            archive.add_capture(make_capture(post, make_embed(post)))
    assert len({record.key for record in archive.search("rain")}) == 450
