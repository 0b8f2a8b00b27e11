"""Cards and pages as values → HTML that makes no request, and runs no script but the search's."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..models import MediaFile
from .view import Inert

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
}
"""By sniffed type; nothing that a service sends ever names a file."""

# What no HTML page may hold: C0 but tab and newline, DEL, C1, lone surrogates, noncharacters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a page finds other files; None where it stands alone."""

    media: Callable[[MediaFile], str | None]
    record: Callable[[str], str | None] = lambda key: None
    """The page of a post, by its key."""
    home: str | None = None
    root: str = ""
    """What leads to the top of the folder."""


def media_name(file: MediaFile) -> str | None:
    """`SHA256.EXT`, for types that a page may show."""
    extension = EXTENSIONS.get(file.content_type)
    if extension is None or not re.fullmatch(r"[0-9a-f]{64}", file.sha256):
        return None
    return f"{file.sha256}.{extension}"


def render(template: str, layout: Layout, **values: object) -> str:
    """One template filled; every value is escaped."""
    return _environment().get_template(template).render(place=layout, **values)


def render_page(template: str, layout: Layout, **values: object) -> str:
    """A whole page with its theme and content policy."""
    return render(template, layout, theme=Inert(theme()), policy=_policy(), **values)


def stream_page(template: str, layout: Layout, **values: object) -> Iterator[str]:
    """A whole page, piece by piece."""
    filled = _environment().get_template(template)
    return filled.generate(place=layout, theme=Inert(theme()), policy=_policy(), **values)


def render_scripted_page(template: str, layout: Layout, script: str, **values: object) -> str:
    """A whole page on which this one script may run, which it gets as `script`."""
    policy = _policy(f"script-src '{source_hash(script)}'; ")
    return render(
        template, layout, theme=Inert(theme()), policy=policy, script=Inert(script), **values
    )


def _policy(scripts: str = "") -> str:
    return (
        "default-src 'none'; img-src 'self' data:; media-src 'self' data:; "
        f"style-src '{source_hash(theme())}'; {scripts}base-uri 'none'; form-action 'none'"
    )


def source_hash(text: str) -> str:
    """How a content policy names an inline style or script (CSP 3, "hash-source")."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def theme() -> str:
    """The style of our own pages."""
    return "".join(map(asset, ("light.css", "dark.css", "card.css", "page.css")))


@cache
def card_style() -> Inert:
    """The style of cards in other people's pages: it reaches nothing outside them; ASCII."""
    # Inside @scope every selector is a descendant of the card, but where it names `:scope`.
    rules = re.sub(r"\.card(?![\w-])|:root", ":scope", asset("light.css") + asset("card.css"))
    return Inert(f"<style>@scope (article.card.h-cite) {{\n{_SCOPED}{rules}}}</style>\n")


_SCOPED = """:scope { background: var(--card); color: var(--ink); font: 1rem/1.45 var(--serif); \
max-width: 42rem; text-align: start; }
"""
"""What a card has from the page around it, where that is one of ours."""


def asset(name: str) -> str:
    """A file of the theme."""
    return files(__package__).joinpath("theme", name).read_text(encoding="utf-8")


class _Whole(PackageLoader):
    """Templates with those that they include in them.

    Each include at run time makes a context of its own: a card that is one template takes a third
    less time (`benchmarks/render.py`).
    """

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        source, name, is_current = super().get_source(environment, template)

        def included(match: re.Match[str]) -> str:
            return self.get_source(environment, match[1])[0]

        return _INCLUDE.sub(included, source), name, is_current


_INCLUDE = re.compile(r'^[ \t]*\{% include "([a-z_]+\.html)" %\}\n', re.MULTILINE)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=_Whole(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_clean,
        auto_reload=False,
    )
    environment.globals["show"] = environment.get_template("macros.html").module
    return environment


def _clean(value: object) -> object:
    """Replace, in sight, what HTML cannot hold; absent values show as nothing."""
    if value is None:
        return ""
    if type(value) is str and value.isprintable():
        return value
    if hasattr(value, "__html__"):
        return value
    return _UNPRINTABLE.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))
