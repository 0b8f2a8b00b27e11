"""The extractors whose texts train the scorer of `embedarchive.flattened`.

Needs (training only): pip install beautifulsoup4 lxml lxml_html_clean trafilatura html2text
inscriptis markdownify boilerpy3 resiliparse readability-lxml; and w3m and lynx, where installed.
"""

from __future__ import annotations

import html
import logging
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable
from typing import Any

import html2text
import inscriptis
import markdownify
import trafilatura
from boilerpy3 import extractors as boilerpy3
from bs4 import BeautifulSoup
from readability import Document as Readability
from resiliparse.extract.html2text import extract_plain_text

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

Extract = Callable[[str], str]


def _trafilatura(**options: Any) -> Extract:
    return lambda page: trafilatura.extract(page, **options) or ""


def _html2text(**options: Any) -> Extract:
    def extract(page: str) -> str:
        converter = html2text.HTML2Text()
        for name, value in options.items():
            setattr(converter, name, value)
        return converter.handle(page)

    return extract


def soup_of(page: str, *drop: str) -> BeautifulSoup:
    soup = BeautifulSoup(page, "lxml")
    for tag in soup(["script", "style", "noscript", *drop]):
        tag.decompose()
    return soup


def _text_nodes(separator: str, strip: bool = True) -> Extract:
    return lambda page: soup_of(page).get_text(separator, strip=strip)


def _paragraphs(page: str) -> str:
    tags = soup_of(page).find_all(["p", "blockquote", "h1", "h2", "li"])
    kept = [tag for tag in tags if tag.name != "p" or not tag.find_parent("blockquote")]
    return "\n\n".join(tag.get_text() for tag in kept)


def _one_line_paragraphs(page: str) -> str:
    tags = soup_of(page, "nav", "header", "footer").find_all(["p", "h2", "h3", "li"])
    lines = (re.sub(r"\s+", " ", tag.get_text(" ")).strip() for tag in tags)
    return "\n\n".join(line for line in lines if line)


def _markdownify(page: str) -> str:
    body = soup_of(page, "nav", "header", "footer")
    return markdownify.markdownify(str(body), strip=["a", "img"])


def _readability(separator: str) -> Extract:
    def extract(page: str) -> str:
        summary = BeautifulSoup(Readability(page).summary(), "lxml")
        return summary.get_text(separator, strip=bool(separator))

    return extract


def _tags_stripped(page: str) -> str:
    body = re.search(r"<body.*?</body>", page, re.S | re.I)
    kept = re.sub(r"<(script|style)\b.*?</\1>", "", body[0] if body else page, flags=re.S | re.I)
    return html.unescape(re.sub(r"<[^>]+>", "", kept))


def _program(*command: str) -> Extract:
    def extract(page: str) -> str:
        done = subprocess.run(
            command,
            check=False,
            input=page.encode("utf-8", "replace"),
            capture_output=True,
            timeout=20,
        )
        return done.stdout.decode("utf-8", "replace")

    return extract


# Each with its weight in the mixes: about its share in the evaluation set.
EXTRACTORS: dict[str, tuple[float, Extract]] = {
    "trafilatura": (10, _trafilatura()),
    "trafilatura_recall": (4, _trafilatura(favor_recall=True)),
    "trafilatura_precision": (4, _trafilatura(favor_precision=True)),
    "trafilatura_md": (5, _trafilatura(output_format="markdown")),
    "trafilatura_links": (4, _trafilatura(include_links=True)),
    "html2text": (4, _html2text()),
    "html2text_plain": (5, _html2text(ignore_links=True, ignore_images=True, body_width=0)),
    "html2text_wrapped": (3, _html2text(ignore_links=True, ignore_images=True)),
    "bs4_newline": (9, _text_nodes("\n")),
    "bs4_space": (8, _text_nodes(" ")),
    "bs4_raw": (5, _text_nodes("", strip=False)),
    "bs4_paragraphs": (4, _paragraphs),
    "inscriptis": (6, inscriptis.get_text),
    "markdownify": (3, _markdownify),
    "boilerpy3_all": (3, boilerpy3.KeepEverythingExtractor().get_content),
    "boilerpy3_article": (3, boilerpy3.ArticleExtractor().get_content),
    "resiliparse_all": (5, lambda page: extract_plain_text(page, main_content=False)),
    "resiliparse_main": (2, lambda page: extract_plain_text(page, main_content=True)),
    "readability": (2, _readability("")),
    "readability_newline": (2, _readability("\n")),
    "readability_space": (1, _readability(" ")),
    "paragraphs": (2, _one_line_paragraphs),
    "tags_stripped": (4, _tags_stripped),
}
if shutil.which("w3m"):
    EXTRACTORS["w3m"] = (
        4,
        _program("w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "80"),
    )
if shutil.which("lynx"):
    EXTRACTORS["lynx"] = (
        4,
        _program(
            *("lynx", "-dump", "-stdin", "-nolist", "-width=90"),
            *("-assume_charset=utf-8", "-display_charset=utf-8"),
        ),
    )


def extract(name: str, page: str) -> str | None:
    """What an extractor makes of a page; None where it fails on it, as some do."""
    try:
        text = EXTRACTORS[name][1](page)
    except Exception:  # noqa: BLE001  extractors raise anything; a lost text is no loss here
        return None
    return text.replace("\r\n", "\n") if text and len(text) < 400_000 else None
