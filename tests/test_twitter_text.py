"""Weighted length, entities and linked HTML, by twitter-text's conformance cases and by our own."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.twitter_text import (
    LEGACY_MAX_LENGTH,
    MAX_WEIGHTED_LENGTH,
    TextEntity,
    UrlLabel,
    autolink,
    entities,
    extract_entities,
    find_cashtags,
    find_hashtags,
    find_mentions,
    find_urls,
    length,
    reply_to,
    urls,
    weighted_length,
    weights,
)
from tests.shared import SHARED, shared
from tests.timing import assert_linear

CASES = Path(__file__).parent / "cases" / "twitter_text"

V2_COUNTS = "counted by the older configuration, in which each part of an emoji sequence counts 2"
NO_LINK = "the service makes no link of it, although it is a valid URL by RFC 3986"
DIFFERENT = {
    "Count a mix of single byte single word, and double word unicode characters": V2_COUNTS,
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers": (
        V2_COUNTS
    ),
    "Valid url: port and userinfo": NO_LINK,
    "Valid url: ipv4": NO_LINK,
    "Valid url: ipv6": NO_LINK,
    "Valid url: sub delims and question marks": "a link's query does not end with its last `+`",
}
"""The conformance cases that we do not meet, and why."""


def conformance(file: str) -> list[Any]:
    """The cases of one file as parameters: section, case; one that skips where it is absent."""
    path = SHARED / "twitter-text" / file
    if not path.exists():
        return [pytest.param("", {}, id=f"no {file}")]
    sections = yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
    return [
        pytest.param(section, case, id=f"{section}-{number}")
        for section, cases in sections.items()
        for number, case in enumerate(cases)
    ]


def listed(found: list[TextEntity]) -> list[dict[str, object]]:
    """Entities as the cases write them."""
    return [_WRITTEN[e.type](e.value) | {"indices": [e.start, e.end]} for e in found]


_WRITTEN: dict[str, Callable[[str], dict[str, object]]] = {
    "mention": lambda value: {"screen_name": value},
    "hashtag": lambda value: {"hashtag": value},
    "cashtag": lambda value: {"cashtag": value},
    "url": lambda value: {"url": value},
}


def names(found: list[TextEntity]) -> list[str]:
    return [entity.value for entity in found]


def url_entities(text: str) -> list[TextEntity]:
    return [TextEntity(u.start, u.end, "url", text[u.start : u.end]) for u in find_urls(text)]


def lists(text: str) -> list[dict[str, object]]:
    written = []
    for entity in find_mentions(text):
        name, slash, slug = entity.value.partition("/")
        indices = [entity.start, entity.end]
        written.append({"screen_name": name, "list_slug": slash + slug, "indices": indices})
    return written


EXTRACT: dict[str, Callable[[str], object]] = {
    "mentions": lambda text: names(find_mentions(text)),
    "mentions_with_indices": lambda text: listed(find_mentions(text)),
    "mentions_or_lists_with_indices": lists,
    "replies": reply_to,
    "urls": lambda text: names(url_entities(text)),
    "urls_with_indices": lambda text: listed(url_entities(text)),
    "urls_with_directional_markers": lambda text: listed(url_entities(text)),
    "tco_urls_with_params": lambda text: names(url_entities(text)),
    "hashtags": lambda text: names(find_hashtags(text)),
    "hashtags_from_astral": lambda text: names(find_hashtags(text)),
    "hashtags_with_indices": lambda text: listed(find_hashtags(text)),
    "cashtags": lambda text: names(find_cashtags(text)),
    "cashtags_with_indices": lambda text: listed(find_cashtags(text)),
    "country": lambda text: names(url_entities(text)),
    "generic": lambda text: names(url_entities(text)),
}


@pytest.mark.parametrize(("section", "case"), conformance("extract.yml"))
def test_extracts_what_the_service_links(section: str, case: dict[str, Any]) -> None:
    shared("twitter-text/extract.yml")
    assert EXTRACT[section](case["text"]) == case["expected"]


def test_knows_every_top_level_domain() -> None:
    text = shared("twitter-text/tlds.yml").read_text(encoding="utf-8")
    sections = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["tests"]
    cases = [case for cases in sections.values() for case in cases]
    assert len(cases) > 1000
    assert [c for c in cases if names(url_entities(c["text"])) != c["expected"]] == []


LINKED_TYPES = {
    "usernames": {"mention", "list"},
    "lists": {"mention", "list"},
    "hashtags": {"hashtag"},
    "urls": {"url"},
    "cashtags": {"cashtag"},
    "all": {"mention", "list", "hashtag", "url", "cashtag"},
}


@pytest.mark.parametrize(("section", "case"), conformance("autolink.yml"))
def test_links_what_the_service_links(section: str, case: dict[str, Any]) -> None:
    shared("twitter-text/autolink.yml")
    text, labels = case["text"], {}
    if section == "json":
        found, labels = from_json(json.loads(case["json"]))
    else:
        found = extract_entities(text, bare_urls=False)
        found = [entity for entity in found if entity.type in LINKED_TYPES[section]]
    assert autolink(text, found, labels) == case["expected"]


def from_json(lists: dict[str, Any]) -> tuple[list[TextEntity], dict[str, UrlLabel]]:
    keys = {"hashtags": ("hashtag", "text"), "urls": ("url", "url")}
    keys["user_mentions"] = ("mention", "screen_name")
    found = [
        TextEntity(*item["indices"], kind, item[key])
        for name, (kind, key) in keys.items()
        for item in lists[name]
    ]
    labels = {u["url"]: UrlLabel(u["expanded_url"], u["display_url"]) for u in lists["urls"]}
    return sorted(found, key=lambda entity: entity.start), labels


def is_one(text: str, found: list[TextEntity], kind: str) -> bool:
    return [(e.start, e.end, e.type) for e in found] == [(0, len(text), kind)]


def counted(text: str) -> dict[str, object]:
    total = weighted_length(text)
    is_valid = 0 < total <= MAX_WEIGHTED_LENGTH and not re.search("[\ufffe\ufeff\uffff]", text)
    permillage = total * 1000 // MAX_WEIGHTED_LENGTH
    return {"weightedLength": total, "valid": is_valid, "permillage": permillage}


def legacy_length(text: str) -> int:
    """Before November 2017 each character counted 1, a link 23."""
    return len(text) + sum(length.URL_WEIGHT - (u.end - u.start) for u in find_urls(text))


VALIDATE: dict[str, Callable[[str], object]] = {
    "tweets": lambda text: 0 < legacy_length(text) <= LEGACY_MAX_LENGTH,
    "usernames": lambda text: is_one(text, find_mentions(text), "mention"),
    "lists": lambda text: is_one(text, find_mentions(text), "list"),
    "hashtags": lambda text: is_one(text, find_hashtags(text), "hashtag"),
    "urls": lambda text: is_one(text, url_entities(text), "url"),
    "urls_without_protocol": lambda text: is_one(text, url_entities(text), "url"),
    "WeightedTweetsCounterTest": counted,
    "WeightedTweetsWithDiscountedEmojiCounterTest": counted,
    "UnicodeDirectionalMarkerCounterTest": counted,
}


@pytest.mark.parametrize(("section", "case"), conformance("validate.yml"))
def test_judges_as_the_service_does(section: str, case: dict[str, Any]) -> None:
    shared("twitter-text/validate.yml")
    expected, found = case["expected"], VALIDATE[section](case["text"])
    if isinstance(expected, dict):
        expected = {k: v for k, v in expected.items() if not k.endswith(("Start", "End"))}
    if case["description"] in DIFFERENT and "Discounted" not in section:
        assert found != expected, "met by now: take it off the list"
    else:
        assert found == expected


@pytest.mark.parametrize(
    "case", json.loads((CASES / "entities.json").read_text("utf-8")), ids=lambda c: c["name"]
)
def test_finds_entities_by_code_points(case: dict[str, Any]) -> None:
    found = extract_entities(case["text"])
    assert [[e.type, e.start, e.end, e.value] for e in found] == case["expected"]


@pytest.mark.parametrize(
    "case", json.loads((CASES / "weights.json").read_text("utf-8")), ids=lambda c: c["name"]
)
def test_weighs_texts(case: dict[str, Any]) -> None:
    assert weights(case["text"])[-1] == case["weight"]
    assert weighted_length(case["text"]) == case.get("exact", case["weight"])


def test_an_expanded_link_that_does_not_hold_the_display_url_shows_the_latter() -> None:
    entity = TextEntity(0, 23, "url", "https://t.co/Ab3dEf6hIj")
    label = UrlLabel("https://example.org/<b>", "harbour.example/<i>…")
    linked = autolink(entity.value, [entity], {entity.value: label})
    assert linked == (
        '<a href="https://t.co/Ab3dEf6hIj" title="https://example.org/&lt;b&gt;">'
        "harbour.example/&lt;i&gt;…</a>"
    )


WORDS = ["https://", "t.co/", "Ab3dEf6hIj", "pic.twitter.com/", "example.org", "tove", "RT"]
PIECES = st.sampled_from([*WORDS, *"./()?@#$＃_-é港🇳3 \ufe0f\u200d", "👩🏽\u200d🚀"])
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


@given(TEXTS)
def test_entities_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    position = 0
    for entity in extract_entities(text):
        assert position <= entity.start < entity.end <= len(text)
        piece = text[entity.start : entity.end]
        assert entity.value in (piece, piece[1:])
        position = entity.end


@given(TEXTS)
def test_weights_are_prefix_sums(text: str) -> None:
    sums = weights(text)
    assert len(sums) == len(text) + 1
    assert sums[0] == 0
    assert sums == sorted(sums)


@given(st.text(max_size=60))
def test_weights_agree_with_the_weighted_length(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    if not length.GLUED_LINK.search(composed) and not re.search(r"\.[A-Z]", composed):
        assert weights(composed)[-1] == weighted_length(text)


WITHOUT_DOTS = st.characters(exclude_characters=".")
"""No link is without one: of such texts both functions count the same, whatever stands in them."""
HEAVY = st.from_regex(length.HEAVY, fullmatch=True, alphabet=WITHOUT_DOTS)
LINK = st.just(" https://t.co/Ab3dEf6hIj ")


@given(st.lists(st.text(WITHOUT_DOTS, max_size=8) | HEAVY | LINK, max_size=12).map("".join))
def test_both_counts_agree_on_any_text(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert weights(composed)[-1] == weighted_length(text)


@given(TEXTS, TEXTS)
def test_weights_of_a_part_are_the_parts_weight(left: str, right: str) -> None:
    sums = weights(f"{left} {right}")
    assert sums[-1] - sums[len(left) + 1] == weights(right)[-1]


PUMPS = json.loads((CASES / "pumps.json").read_text("utf-8"))
PATTERNS = [
    pattern
    for module in (entities, length, urls)
    for pattern in vars(module).values()
    if isinstance(pattern, re.Pattern)
]
MATCHED = (urls.LABELS, urls.LATIN_LABELS, urls.TAIL, entities.REPLY)
"""Those that the code tries at one place only, and never searches for."""


@pytest.mark.parametrize("pump", PUMPS)
@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:20])
def test_patterns_take_linear_time(pattern: re.Pattern[str], pump: str) -> None:
    if pattern in MATCHED:
        used: Callable[[str], object] = pattern.match
    else:
        used = functools.partial(lambda p, text: sum(1 for _ in p.finditer(text)), pattern)
    judge(used, pump)


@pytest.mark.parametrize("pump", PUMPS)
@pytest.mark.parametrize("function", [extract_entities, weights, weighted_length])
def test_functions_take_linear_time(function: Callable[[str], object], pump: str) -> None:
    judge(function, pump)
    judge(function, pump, end="\x00!@")


def judge(function: Callable[[str], object], pump: str, end: str = "") -> None:
    assert_linear(function, lambda size: pump * (size // len(pump)) + end, 5_000)
