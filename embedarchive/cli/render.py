"""`render`, `restore`: the archive as pages to read, or as mended articles, and the way back."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError, UsageError
from . import _options as options
from ._run import now
from ._terminal import Bar, complain, counted, tell

if TYPE_CHECKING:
    from ..store import Archive


class Edition(StrEnum):
    SITE = "site"
    MD = "md"
    HTML_SPLICE = "html-splice"


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive render posts.db -o site && open site/index.html")(
        render
    )
    app.command(epilog="Example: embedarchive restore mended.html > article.html")(restore)


def render(
    db: options.Database,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="DIR", help="Where the pages go; a file for one."),
    ],
    edition: Annotated[
        Edition,
        typer.Option(
            "--format",
            help="`site`: pages to read offline. `html-splice`, `md`: the articles as they came,"
            " with cards in place of their embeds (`restore` takes them out).",
        ),
    ] = Edition.SITE,
    single_file: Annotated[
        bool,
        typer.Option("--single-file", help="The site as one page, its media inside, in -o FILE."),
    ] = False,
    quiet: options.Quiet = False,
    no_progress: options.NoProgress = False,
) -> None:
    """Write articles, posts and indexes as static pages that make no request.

    Pages that did not change are left alone, so this can run after every `archive`.
    """
    from ..store import Archive  # noqa: PLC0415  # start-up

    if single_file and edition is not Edition.SITE:
        raise UsageError(f"--single-file is for the site: choose it or --format {edition}")
    bar = Bar(shown=not quiet and not no_progress)
    with Archive.open(db, clock=now, read_only=True) as archive:
        if single_file:
            _single(archive, output, bar, quiet)
        elif edition is Edition.SITE:
            _site(archive, output, bar, quiet)
        else:
            _edition(archive, output, edition, bar, quiet)


def _site(archive: Archive, output: Path, bar: Bar, quiet: bool) -> None:
    from ..render import render_site  # noqa: PLC0415  # start-up

    with bar.stage("Rendering", _pages(archive)) as advance:
        report = render_site(archive, output, progress=lambda _: advance())
    tell(
        f"{counted(report.articles, 'article')}, {counted(report.posts, 'post')},"
        f" {counted(report.media, 'media file')}: {counted(report.written, 'file')} written,"
        f" {report.unchanged:,} unchanged; see {output}/index.html",
        quiet=quiet,
    )


def _pages(archive: Archive) -> int:
    """How many articles and posts there are to render."""
    held = archive.status()
    return held.documents + held.posts + held.stubs


def _single(archive: Archive, output: Path, bar: Bar, quiet: bool) -> None:
    from ..render import render_single  # noqa: PLC0415  # start-up

    with bar.stage("Rendering") as advance:
        size = render_single(archive, output, progress=lambda _: advance())
    tell(f"{output}: {size / 1e6:.1f} MB", quiet=quiet)


def _edition(archive: Archive, output: Path, edition: Edition, bar: Bar, quiet: bool) -> None:
    from ..render import render_edition  # noqa: PLC0415  # start-up

    with bar.stage("Mending") as advance:
        report = render_edition(archive, output, edition, progress=lambda _: advance())
    for failure in report.failures:
        complain(failure)
    left_out = counted(report.others, "article")
    others = f"; {left_out} of another format left out" if report.others else ""
    tell(
        f"{counted(report.articles, 'article')} with {counted(report.posts, 'post')} in place:"
        f" {counted(report.written, 'file')} written, {report.unchanged:,} unchanged in"
        f" {output}{others}",
        quiet=quiet,
    )
    if report.failures:
        raise typer.Exit(InputError.exit_code)


def restore(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Articles that `render --format` wrote."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Write each file there."),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write over the files.")] = False,
) -> None:
    """Take the cards out of mended articles: each byte is as it was before.

    One file goes to standard output, unless `-o` or `--in-place` says otherwise. A file without
    cards comes back as it is.
    """
    if in_place == (output is not None) and (in_place or len(files) > 1):
        raise UsageError("several files: say where they go, with -o DIR or --in-place")
    if output is not None and len({path.name for path in files}) < len(files):
        raise UsageError("two of the files have the same name: restore them one by one")
    failed = False
    for path in files:
        try:
            _restore(path, path if in_place else output / path.name if output else None)
        except OSError as error:
            complain(f"{path}: {error.strerror}")
            failed = True
    if failed:
        raise typer.Exit(InputError.exit_code)


def _restore(path: Path, to: Path | None) -> None:
    from ..marks import restore as without_cards  # noqa: PLC0415  # start-up

    content = without_cards(path.read_bytes())
    if to is None:
        sys.stdout.buffer.write(content)
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: an article is not lost to a full disk.
    beside = to.with_name(f".{to.name}.restored")
    beside.write_bytes(content)
    beside.replace(to)
