"""What Chromium does with a rendered site from the disk: nothing but show it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from embedarchive.render import render_post, render_site

from .making_embeds import features
from .test_card import hostile_records
from .test_site import make_archive

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def visit(page: Path, tmp_path: Path) -> tuple[str, list[str], list[str]]:
    """The document as Chromium built it, what it asked the network for, what it complained of."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    log = tmp_path / "net.json"
    result = subprocess.run(
        [
            CHROMIUM,
            *QUIET,
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--log-net-log={log}",
            "--enable-logging=stderr",
            "--virtual-time-budget=2000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    complaints = [line for line in result.stderr.splitlines() if ":CONSOLE" in line]
    return result.stdout, requests(log), complaints


def requests(log: Path) -> list[str]:
    """What a page asked for, by Chromium's log of its network stack.

    What the browser asks for on its own account has no origin as its initiator.
    """
    text = log.read_text(encoding="utf-8")
    # The browser may end before it has closed the list of events.
    events = json.loads(text if text.rstrip().endswith("}") else text.rstrip().rstrip(",") + "]}")
    params = (event.get("params", {}) for event in events["events"])
    urls = {p["url"] for p in params if p.get("initiator", "not an origin") != "not an origin"}
    return sorted(url for url in urls if not url.startswith(("file:", "data:")))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    archive = make_archive()
    archive.records += hostile_records('"><img src=http://127.0.0.1:9/x onerror=alert(1)><script>')
    render_site(archive, out)
    made, media = features()
    page = render_post(made["four_photos"], media.media_content)
    (out / "alone.html").write_text(page, encoding="utf-8")
    return out


def pages(site: Path) -> list[Path]:
    """One of each kind, and each post with something of its own for a browser."""
    telling = re.compile(rb"<video|<meter|<details|onerror|class=\"inset|<ins>|dir=\"rtl\"")
    posts = [
        path for path in sorted((site / "posts").iterdir()) if telling.search(path.read_bytes())
    ]
    return [
        site / "alone.html",
        site / "index.html",
        site / "by-date.html",
        *sorted((site / "articles").iterdir()),
        *posts,
    ]


def test_a_site_asks_for_nothing_and_breaks_no_rule(site: Path, tmp_path: Path) -> None:
    for number, page in enumerate(pages(site)):
        folder = tmp_path / str(number)
        folder.mkdir()
        dom, asked, complaints = visit(page, folder)
        assert "</html>" in dom, page
        assert asked == [], page
        assert complaints == [], page


def test_pictures_and_style_are_allowed(site: Path, tmp_path: Path) -> None:
    """The check above would also pass on a page that shows nothing."""
    page = next(p for p in pages(site) if p.name != "alone.html" and b"<img" in p.read_bytes())
    shot = tmp_path / "shot.png"
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [CHROMIUM, *QUIET, profile, "--window-size=400,900", f"--screenshot={shot}"]
    subprocess.run([*command, page.as_uri()], capture_output=True, timeout=90, check=True)
    styled = shot.stat().st_size
    bare = tmp_path / "bare.html"
    html = re.sub(r"<style>.*?</style>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    bare.write_text(html.replace("../media/", "none/"), encoding="utf-8")
    subprocess.run([*command, bare.as_uri()], capture_output=True, timeout=90, check=True)
    assert styled != shot.stat().st_size


def test_the_check_would_notice(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">"
        "<img src=data:image/png;base64,AAAA><link rel=stylesheet href=http://127.0.0.1:9/x.css>"
    )
    _dom, asked, complaints = visit(page, tmp_path)
    assert asked == ["http://127.0.0.1:9/x.css"]
    assert any("Content Security Policy" in line for line in complaints)
