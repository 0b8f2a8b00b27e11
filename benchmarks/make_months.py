"""Month words of every CLDR language → embedarchive/flattened/months.json. Needs Babel.

    python benchmarks/make_months.py [OUT]

Run by hand when CLDR brings a new version; the result is part of the repository. Where two
languages mean different months by one word (Polish and Croatian `listopad`), the language that
stands earlier in `PREFERRED` wins: it has more readers on the service.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

from babel import Locale
from babel.localedata import locale_identifiers

OUT = Path(__file__).resolve().parents[1] / "embedarchive" / "flattened" / "months.json"

PREFERRED = (
    "en es pt fr de it nl tr id ru ar ja ko zh pl uk sv da nb fi el cs ro hu th vi hi fa he ur ms "
    "fil ca gl eu bg sr hr sk sl lt lv et is ga cy bn ta te mr gu kn ml pa ne si my km lo ka hy az "
    "kk uz be mk sq bs af sw am"
)

TOO_SHORT = 3
"""ASCII words below this length (`de`, `la`, `no`) say nothing beside a number."""


def key(word: str) -> str:
    """The form under which a month word is looked up; the same as in `flattened.dates`."""
    folded = word.casefold().replace("\u0307", "").replace(".", "")
    return unicodedata.normalize("NFC", folded).strip()


def without_accents(word: str) -> str:
    """`février` → `fevrier`; other scripts stay, where marks are vowels."""
    plain = unicodedata.normalize("NFD", word.replace("ı", "i"))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return bare if bare.isascii() else word


def is_telling(name: str) -> bool:
    """Whether a word is fit for the table; `6월` and `tháng 6` are read by their marks instead."""
    if re.search(r"[\d\s’'ʼ()|-]", name) or len(name) < TOO_SHORT - 1:
        return False
    return not (name.isascii() and len(name) < TOO_SHORT)


def month_words(language: str) -> dict[str, int]:
    """The Gregorian month words of a language, format and stand-alone, wide and abbreviated."""
    words: dict[str, int] = {}
    months = Locale.parse(language).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, word in months[context].get(width, {}).items():
                name = key(str(word))
                if is_telling(name):
                    words.setdefault(name, number)
    return words


def main() -> None:
    """Write the table: one word per line, sorted, so that changes are readable."""
    languages = sorted({name.split("_")[0] for name in locale_identifiers()} - {"root"})
    order = PREFERRED.split() + [name for name in languages if name not in PREFERRED.split()]
    table: dict[str, int] = {}
    for language in order:
        for word, number in month_words(language).items():
            table.setdefault(word, number)
    for word, number in list(table.items()):
        table.setdefault(without_accents(word), number)
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    text = json.dumps(dict(sorted(table.items())), ensure_ascii=False, indent=0)
    out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
