from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from embedarchive.models import (
    Claim,
    Counts,
    Embed,
    Entity,
    Level,
    Outcome,
    Poll,
    PollChoice,
    PostRecord,
    Resolution,
    Target,
)
from embedarchive.render import make_card, make_visits, render_post, words
from embedarchive.render.attachments import web_url
from embedarchive.render.html import Layout, media_name, render, theme
from embedarchive.render.view import Card, Post
from embedarchive.tokenizer import START, attributes, tokenize

from .changing import with_texts
from .making_embeds import (
    CLAIM,
    ID,
    features,
    make_capture,
    make_embed,
    make_record,
    make_reference,
    whole_embed,
)
from .making_values import values
from .shared import SHARED

CASES = Path(__file__).parent / "cases" / "render"
FEATURES, _ARCHIVE = features()
LAYOUT = Layout(
    media=lambda file: f"media/{media_name(file)}", record=lambda key: f"posts/{key}.html"
)


def html_of(card: Card) -> str:
    return render("card.html", LAYOUT, card=card, anchor="here")


def structure(html: str) -> Counter[tuple[str, ...]]:
    """How often each element occurs with which attributes."""
    return Counter(
        (token.name, *sorted(attribute.name for attribute in attributes(html, token)))
        for token in tokenize(html)
        if token.kind == START
    )


@pytest.mark.parametrize("name", FEATURES)
def test_golden(name: str) -> None:
    html = html_of(make_card(FEATURES[name]))
    path = CASES / f"{name}.html"
    if os.environ.get("EMBEDARCHIVE_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8")
    assert html == path.read_text(encoding="utf-8")


def test_every_golden_has_a_feature() -> None:
    assert {path.stem for path in CASES.glob("*.html")} == set(FEATURES)


# --- nothing but text comes in -----------------------------------------------------------------


def collected() -> list[str]:
    """Every hostile string that we know of."""
    own = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "</blockquote></article><h1>out</h1>",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "</style><style>*{display:none}</style>",
        "{{ 7 * 7 }}{% raw %}",
        "\x00\x1b[2J\u202e\ud800\uffff",
        "https://evil.example\\@x.com/",
        "-->]]>",
    ]
    found = list(own)
    if (SHARED / "payloads").exists():
        listed = json.loads((SHARED / "payloads/dompurify.json").read_text(encoding="utf-8"))
        found += [case["payload"] for case in listed]
        found += json.loads((SHARED / "payloads/blns.json").read_text(encoding="utf-8"))
        vectors = (SHARED / "payloads/h5sc-vectors.txt").read_text(encoding="utf-8")
        found += re.split(r"\n", vectors)
    return found


def payloads() -> list[str]:
    """Those that could leave a text or an attribute, or be an address of another scheme."""
    telling = re.compile(r"""[<>"'&`{\\\x00-\x1f\ud800-\udfff]|script:""")
    return [t for t in collected() if t.strip() and telling.search(t) and not web_url(t)]


def hostile_records(text: str) -> list[PostRecord]:
    """Records that say `text` wherever a service or an article says something."""
    file = FEATURES["one_photo"].media["https://pbs.example/media/0.png"]
    embed = with_texts(whole_embed(), text)
    captured = make_capture(embed, reason=text, number=1)
    gone = make_capture(None, Outcome.DELETED, reason=text, number=2)
    records = [
        make_record(embed, snapshot=captured, visits=(captured, gone), media={text: file}),
        FEATURES["stub"],
        FEATURES["disputed"],
    ]
    difference = [{"op": "insert", "text": text}, {"op": "delete", "text": text}]
    evidence = {"candidate": text, "difference": difference}
    return [
        replace(
            record,
            references=tuple(
                replace(
                    stored,
                    uri=text,
                    reference=with_texts(stored.reference, text),
                    resolution=replace(stored.resolution, rule=text, evidence=evidence),
                    refusals=(Resolution(text, Level.CLAIMED, None, evidence, text),),
                )
                for stored in record.references
            ),
        )
        for record in records
    ]


def test_hostile_fields_add_no_element_and_no_attribute() -> None:
    def shown(text: str) -> list[str]:
        return [html_of(make_card(record)) for record in hostile_records(text)]

    expected = [structure(html) for html in shown("benign text")]
    for payload in payloads():
        pages = shown(payload)
        assert [structure(html) for html in pages] == expected, payload
        "".join(pages).encode()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,hi",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://evil.example\\@x.com/",
        "https://a b",
        "https://",
        "ftp://x.com/",
        "",
    ],
)
def test_only_web_addresses_are_linked(url: str) -> None:
    assert web_url(url) is None
    text = "see here"
    embed = make_embed(text, entities=(Entity(4, 8, "url", "here", url),))
    assert html_of(make_card(make_record(embed))).count("<a ") == html_of(
        make_card(make_record(make_embed(text)))
    ).count("<a ")


def test_every_address_is_the_web_or_a_file_of_ours() -> None:
    for name, record in FEATURES.items():
        html = html_of(make_card(record))
        for token in tokenize(html):
            if token.kind != START:
                continue
            for attribute in attributes(html, token):
                if attribute.name in ("src", "poster"):
                    assert re.fullmatch(r"media/[0-9a-f]{64}\.(png|mp4)", attribute.value), name
                elif attribute.name == "href":
                    assert re.match(r"https://|media/|posts/", attribute.value), name
                assert not attribute.name.startswith("on")
                assert attribute.name not in ("style", "srcset", "srcdoc")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(values(Embed), values(Claim), values(Resolution), values(Outcome))
def test_any_record_makes_a_card(
    embed: Embed, claim: Claim, resolution: Resolution, outcome: Outcome
) -> None:
    told = make_reference(claim, resolution=resolution, refusals=(resolution,))
    visits = (make_capture(embed), make_capture(None, outcome, number=2))
    for record in (
        make_record(embed, references=(told,), visits=visits, level=resolution.level),
        make_record(references=(told,), target=resolution.target, level=resolution.level),
    ):
        html_of(make_card(record)).encode()
        html_of(make_card(record, told)).encode()
        make_visits(record.visits)


def test_unprintable_characters_are_seen_and_not_sent() -> None:
    html = html_of(make_card(make_record(make_embed("a\x00b\ud800c\x85d\uffffe\r\nf"))))
    assert "a\ufffdb\ufffdc\ufffdd\ufffde\nf" in html


# --- rules -------------------------------------------------------------------------------------


def test_entities_that_cannot_be_are_left_out() -> None:
    entities = (
        Entity(0, 2, "hashtag", "#a", "https://x.com/1"),
        Entity(1, 4, "hashtag", "#b", "https://x.com/2"),
        Entity(5, 99, "hashtag", "#c", "https://x.com/3"),
        Entity(4, 4, "hashtag", "#d", "https://x.com/4"),
    )
    card = make_card(make_record(make_embed("#a #ab", entities=entities)))
    assert [(piece.text, piece.url) for piece in card.post.pieces] == [
        ("#a", "https://x.com/1"),
        (" #ab", None),
    ]


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_its_own_words(outcome: Outcome) -> None:
    others = {words.outcome_words(other) for other in Outcome if other is not outcome}
    assert words.outcome_words(outcome) not in others


@pytest.mark.parametrize(
    ("outcomes", "lead", "since"),
    [
        ([Outcome.AVAILABLE], None, None),
        ([Outcome.AVAILABLE, Outcome.DELETED, Outcome.DELETED], "Unavailable since", 2),
        ([Outcome.AVAILABLE, Outcome.NOT_FOUND, Outcome.AVAILABLE], None, None),
        ([Outcome.DELETED, Outcome.AVAILABLE, Outcome.UNKNOWN], None, None),
        ([Outcome.AVAILABLE, Outcome.PROTECTED, Outcome.UNKNOWN], "Unavailable since", 2),
        ([Outcome.RESTRICTED], "Restricted since", 1),
        ([Outcome.UNKNOWN], "Last asked", 1),
    ],
)
def test_absence(outcomes: list[Outcome], lead: str | None, since: int | None) -> None:
    visits = tuple(
        make_capture(make_embed() if outcome is Outcome.AVAILABLE else None, outcome, number=n)
        for n, outcome in enumerate(outcomes, 1)
    )
    absence = make_card(make_record(make_embed(), visits=visits)).absence
    assert (absence and absence.lead) == lead
    if since is not None and absence is not None:
        assert absence.since == words.moment(visits[since - 1].capture.captured_at)


def test_history_tells_a_revisit() -> None:
    bodies = (b"one", b"two", b"one")
    visits = make_visits(
        make_capture(make_embed(), number=number, body=body)
        for number, body in enumerate(bodies, 1)
    )
    assert [visit.is_revisit for visit in visits] == [False, False, True]
    assert [visit.at.words for visit in visits] == [
        "3 May 2024, 10:11 UTC",
        "3 June 2024, 10:11 UTC",
        "4 July 2024, 10:11 UTC",
    ]


def test_a_reference_shows_its_own_level_in_its_article() -> None:
    record = FEATURES["disputed"]
    told = make_reference(CLAIM, resolution=Resolution("capture", Level.VERIFIED, record.target))
    card = make_card(replace(record, references=(*record.references, told)), told)
    assert (card.level, card.difference, card.disagreements) == (Level.VERIFIED, (), ())


def test_an_archived_copy_does_not_make_a_gone_post_public() -> None:
    visits = (
        make_capture(None, Outcome.DELETED, number=1),
        make_capture(make_embed(), number=2, backend="wayback"),
    )
    record = make_record(make_embed(), snapshot=visits[1], visits=visits)
    card = make_card(record)
    assert card.absence is not None
    assert card.archived is not None
    assert "Wayback Machine" in card.held


def test_shares_are_of_the_captured_votes_and_never_divide_by_nothing() -> None:
    choices = (PollChoice("Yes", 1), PollChoice("Yes", 2), PollChoice("No", 0))
    card = make_card(make_record(make_embed(poll=Poll(choices))))
    assert card.post.poll is not None
    assert [choice.share for choice in card.post.poll.choices] == [33, 67, 0]
    none = make_card(make_record(make_embed(poll=Poll((PollChoice("A", 0), PollChoice("B", 0))))))
    assert none.post.poll is not None
    assert [choice.is_leading for choice in none.post.poll.choices] == [False, False]


@pytest.mark.parametrize(("milliseconds", "shown"), [(42_500, "0:42"), (3_723_000, "1:02:03")])
def test_duration(milliseconds: int, shown: str) -> None:
    assert words.duration(milliseconds) == shown


def test_times_are_utc() -> None:
    made = datetime.fromisoformat("2021-06-13T23:30:00-05:00")
    assert words.moment(made) == ("2021-06-14T04:30:00Z", "14 June 2021, 04:30 UTC")
    assert words.moment(datetime(2021, 6, 1, tzinfo=UTC)).words == "1 June 2021, 00:00 UTC"


def test_an_id_tells_the_time_where_the_source_does_not() -> None:
    embed = make_embed(created_at=None, target=Target("x", ID))
    post = make_card(make_record(embed)).post
    assert (post.date and post.date.words, post.date_note) == (
        "13 June 2021, 16:23 UTC",
        "by its id",
    )


def test_a_page_that_stands_alone_holds_its_media() -> None:
    html = render_post(FEATURES["one_photo"], _ARCHIVE.media_content)
    assert "data:image/png;base64,iVBOR" in html
    assert "../" not in html


# --- colours -----------------------------------------------------------------------------------

THEME = theme()


def _palette(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", css))


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_can_be_read(scheme: str) -> None:
    """WCAG 2.2 AA asks for 4.5:1."""
    light, dark = THEME.split("prefers-color-scheme: dark", 1)
    palette = _palette(light) if scheme == "light" else {**_palette(light), **_palette(dark)}
    texts = ["ink", "quiet", "link", "claimed", "matched", "observed", "verified", "disputed"]
    for text in texts:
        for ground in ("paper", "card", "slip"):
            assert _contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for ground in ("added", "dropped"):
        assert _contrast(palette["ink"], palette[ground]) >= 4.5


def test_the_theme_asks_for_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face|expression|</", THEME)


# --- data for machines ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", FEATURES)
def test_linked_data_tells_what_the_card_shows(name: str) -> None:
    html = html_of(make_card(FEATURES[name]))
    found = re.findall(r'<script type="application/ld\+json">([^<>&]*)</script>', html)
    snapshot = FEATURES[name].snapshot
    assert len(found) == (snapshot is not None)
    if snapshot is None or snapshot.capture.embed is None:
        return
    data, embed = json.loads(found[0]), snapshot.capture.embed
    assert data["@type"] == "SocialMediaPosting"
    assert data.get("articleBody", "") == embed.text
    assert data["author"].get("name", "") == embed.author.name
    assert data["identifier"] == embed.target.post_id
    assert len(data.get("image", [])) == sum(medium.type == "photo" for medium in embed.media)
    if embed.quote:
        assert data["sharedContent"]["articleBody"] == embed.quote.text


@pytest.mark.filterwarnings("default")  # the parser's own are not ours to mend
@pytest.mark.parametrize("name", FEATURES)
def test_microformats_read_back_as_what_the_card_shows(name: str) -> None:
    """h-cite, https://microformats.org/wiki/h-cite; a stub is a citation too."""
    mf2py = pytest.importorskip("mf2py")
    card = make_card(FEATURES[name])
    (item,) = mf2py.parse(
        doc=html_of(card), url="https://here.example/", html_parser="html.parser"
    )["items"]
    assert item["type"] == ["h-cite"]
    assert _read_back(item["properties"]) == _told(card.post)
    accessed = item["properties"].get("accessed", [])
    assert accessed == ([card.captured.iso] if card.captured else [])


def _read_back(found: dict[str, Any]) -> dict[str, Any]:
    (author,) = found["author"]
    content = found.get("content", [{"value": ""}])[0]["value"]
    quoted = [q["properties"] for q in found.get("quotation-of", ()) if isinstance(q, dict)]
    return {
        "name": author["properties"]["name"],
        "handle": author["properties"].get("nickname", []),
        "words": content.split(),
        "url": [*dict.fromkeys(found.get("url", []))],
        "published": found.get("published", []),
        "photos": len(found.get("photo", ())),
        "videos": len(found.get("video", ())),
        "location": found.get("location", []),
        "quote": _read_back(quoted[0]) if quoted else None,
    }


def _told(post: Post) -> dict[str, Any]:
    shown = [medium for medium in post.media if medium.image or medium.film]
    return {
        "name": [post.byline.name],
        "handle": [post.byline.handle] if post.byline.handle else [],
        "words": post.text.split(),
        "url": [post.url] if post.url and post.date else [],
        "published": [post.date.iso] if post.date else [],
        "photos": sum(medium.kind == "photo" for medium in shown),
        "videos": sum(medium.film is not None for medium in shown),
        "location": [post.place] if post.place else [],
        "quote": _told(post.quote) if post.quote else None,
    }


def test_linked_data_ends_no_element_and_names_no_foreign_scheme() -> None:
    for record in hostile_records("</script><!--<script>\u2028javascript:alert(1)"):
        html = html_of(make_card(record))
        assert html.count("<script") == html.count("</script") <= 1
        for found in re.findall(r'ld\+json">(.*?)</script>', html):
            assert '"url":"javascript:' not in found
            assert found.isascii()


def test_the_original_names_its_archived_copy() -> None:
    """Robust Links: https://robustlinks.mementoweb.org/spec/"""
    html = html_of(make_card(FEATURES["from_archive"]))
    assert re.search(
        r'data-versionurl="https://web\.archive\.org/web/20210614093000/[^"]*" '
        r'data-versiondate="2021-06-14">Original post</a>',
        html,
    )
    assert "data-version" not in html_of(make_card(FEATURES["plain"]))


# --- the timeline --------------------------------------------------------------------------------


def test_the_timeline_tells_what_changed() -> None:
    before = make_embed("The bell is back.")
    after = replace(make_embed("The bell is <b>gone</b>."), counts=Counts(likes=3))
    visits = (
        make_capture(before, number=1),
        make_capture(replace(after, counts=Counts()), number=2),
        make_capture(None, Outcome.DELETED, number=3),
        make_capture(after, number=4),
    )
    rows = make_visits(visits)
    assert [[turn.word for turn in row.changes] for row in rows] == [
        [],
        ["Text"],
        ["Gone"],
        ["Back again"],
    ]
    html = render_post(make_record(after, visits=visits), lambda sha256: b"")
    assert "<del>The bell is back.</del> <ins>The bell is &lt;b&gt;gone&lt;/b&gt;.</ins>" in html
