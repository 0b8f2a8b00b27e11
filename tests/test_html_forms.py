"""The forms of HTML over whole pages: all embeds, all fields, nothing else called an embed."""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter

import pytest

from embedarchive.forms import FORMS
from embedarchive.models import Kind, Reference
from embedarchive.scan import scan
from tests.making import make_document
from tests.shared import shared

HTML_FORMS = [
    form
    for form in FORMS
    if form.name
    in (
        *("blockquote", "iframe", "data_attributes", "wordpress", "custom_element", "substack"),
        *("pictures", "publisher", "blackbird_pie", "other_embeds", "commented_out", "page_json"),
        "escaped",
    )
]


def squeezed(text: str | None) -> str:
    return re.sub(r"[\s\u200b]+", "", text or "")


def scanned(content: str) -> list[Reference]:
    return scan(make_document(content, "text/html"), forms=HTML_FORMS)


@pytest.mark.slow
def test_pages_with_embeds() -> None:
    """Every id; 99 % of each field; the same text counted without white space."""
    gold = [
        json.loads(line)
        for line in shared("evalset/dev_html_gold.jsonl").read_text("utf-8").splitlines()
    ]
    right: Counter[str] = Counter()
    extra: list[str] = []
    with tarfile.open(shared("evalset/dev_html.tar.gz")) as pages:
        for row in gold:
            page = pages.extractfile(f"dev_html/{row['doc']}.html")
            assert page is not None
            found = [
                reference.claim
                for reference in scanned(page.read().decode("utf-8"))
                if reference.kind is Kind.EMBED and reference.claim.network == "x"
            ]
            wanted = {embed["id"] for embed in row["embeds"]}
            extra += [str(claim.post_id) for claim in found if claim.post_id not in wanted]
            for embed in row["embeds"]:
                claims = [claim for claim in found if claim.post_id == embed["id"]]
                right["all"] += 1
                right["id"] += bool(claims)
                right["handle"] += any(claim.handle == embed["handle"] for claim in claims)
                right["name"] += any(claim.name == embed["name"] for claim in claims)
                right["date"] += any(str(claim.date) == embed["date"] for claim in claims)
                right["text"] += any(
                    squeezed(claim.text) == squeezed(embed["text"]) for claim in claims
                )
                right["media"] += any(set(embed["media"]) <= set(claim.codes) for claim in claims)
    assert not extra
    assert right["all"] > 0
    assert right["id"] == right["all"]
    for field in ("handle", "name", "date", "text", "media"):
        assert right[field] >= 0.99 * right["all"], (field, right)


POST = "https://twitter.com/bo/status/1720412267738039272"
QUOTE = (
    '<blockquote class="twitter-tweet"><p lang="en">Half way</p>&mdash; Bo Ek (@bo) '
    f'<a href="{POST}">November 3, 2023</a></blockquote>'
)


@pytest.mark.parametrize(
    "content",
    [
        f'<figure data-canonical-url="{POST}">{QUOTE}</figure>',
        f'<div data-oembed-url="{POST}"><div>{QUOTE}</div></div>',
        f'<amp-twitter data-tweetid="1720412267738039272">{QUOTE}</amp-twitter>',
        f'<!-- wp:embed {{"url":"{POST}"}} --><figure class="wp-block-embed">{QUOTE}</figure>'
        "<!-- /wp:embed -->",
        f'<blockquote class="twitter-tweet" data-tweet-id="1720412267738039272">{QUOTE[34:]}',
    ],
)
def test_what_several_forms_see_is_one_reference(content: str) -> None:
    (reference,) = scanned(content)
    assert reference.raw == content
    claim = reference.claim
    assert (claim.post_id, claim.handle, claim.name) == ("1720412267738039272", "bo", "Bo Ek")
    assert (str(claim.date), claim.text) == ("2023-11-03", "Half way")
    assert claim.text_span is not None
    assert content[claim.text_span.start : claim.text_span.end] == "Half way"


def test_truncated_quote_gets_its_id_from_the_figure() -> None:
    content = (
        f'<figure data-canonical-url="{POST}"><blockquote class="twitter-tweet"><p lang="en">Half'
    )
    (reference,) = scanned(content)
    assert (reference.claim.post_id, reference.claim.text) == ("1720412267738039272", "Half")
