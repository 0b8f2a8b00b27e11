"""What Chromium does with a rendered site from the disk: nothing but show it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from embedarchive.render import render_post, render_single, render_site
from embedarchive.render.allowed import BLOCKS, INLINE, VOID
from embedarchive.render.inert import make_inert
from embedarchive.render.report import tally_embeds
from embedarchive.render.report_page import render_report
from embedarchive.tokenizer import START, attributes, tokenize

from .command import ROOT
from .making_embeds import features
from .shared import shared
from .test_card import hostile_records
from .test_site import make_archive

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def visit(page: Path, tmp_path: Path, anchor: str = "") -> tuple[str, list[str], list[str]]:
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
            page.as_uri() + anchor,
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
    hostile = hostile_records('"><img src=http://127.0.0.1:9/x onerror=alert(1)><script>')
    by_key = {record.key: record for record in (*archive.records, *hostile)}
    archive.records = list(by_key.values())
    render_site(archive, out)
    made, media = features()
    page = render_post(made["four_photos"], media.media_content)
    (out / "alone.html").write_text(page, encoding="utf-8")
    report = render_report(tally_embeds(archive.posts()), title='"><script>')
    (out / "report.html").write_text(report, encoding="utf-8")
    render_single(archive, out / "single.html")
    return out


def pages(site: Path) -> list[Path]:
    """One of each kind, and for each thing that a browser treats in its own way a post with it."""
    posts = sorted((site / "posts").iterdir())
    marks = (b"<video", b"<meter", b"<details", b"onerror", b'class="inset', b"<ins>", b'dir="rtl"')
    telling = {next(path for path in posts if mark in path.read_bytes()) for mark in marks}
    names = ("alone.html", "report.html", "single.html", "index.html", "gone.html", "search.html")
    lists = [site / name for name in names]
    return [*lists, *sorted((site / "articles").iterdir()), *sorted(telling)]


def test_a_site_asks_for_nothing_and_breaks_no_rule(site: Path, tmp_path: Path) -> None:
    for number, page in enumerate(pages(site)):
        folder = tmp_path / str(number)
        folder.mkdir()
        dom, asked, complaints = visit(page, folder)
        assert "</html>" in dom, page
        assert asked == [], page
        assert complaints == [], page


class _Counting(SimpleHTTPRequestHandler):
    """Serves a folder and notes what was asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *args: object) -> None:
        """Says nothing."""


def test_a_served_page_asks_for_no_icon(site: Path, tmp_path: Path) -> None:
    """Without a word about it, browsers ask each host for `/favicon.ico`."""
    page = (site / "index.html").read_text(encoding="utf-8")
    bare = page.replace('<link rel="icon" href="data:,">', "")
    assert bare != page
    for name, text in (("ours", page), ("bare", bare)):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    handler = partial(_Counting, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for name, expected in (("ours", []), ("bare", ["/favicon.ico"])):
            _Counting.asked.clear()
            complaints = look_at(f"http://127.0.0.1:{server.server_port}/{name}.html", tmp_path)
            assert _Counting.asked == [f"/{name}.html", *expected]
            assert [line for line in complaints if "favicon" not in line] == []
        server.shutdown()


def look_at(url: str, tmp_path: Path) -> list[str]:
    """What Chromium complains of as it draws a page, which is when it wants an icon."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    drawn = (f"--user-data-dir={tmp_path / 'drawn'}", f"--screenshot={tmp_path / 'drawn.png'}")
    done = subprocess.run(
        [CHROMIUM, *QUIET, *drawn, "--enable-logging=stderr", "--timeout=3000", url],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return [line for line in done.stderr.splitlines() if ":CONSOLE" in line]


NODE_MODULES = Path(os.environ.get("EMBEDARCHIVE_NODE_MODULES", ROOT / "node_modules"))
"""Where `.ci/browser` puts axe-core, playwright-core and the HTML checker."""


def test_no_page_of_the_whole_site_does_anything_but_show(site: Path) -> None:
    """The same of every page, and the keyboard reaches all that a mouse does."""
    assert run_in_chromium("visit.cjs", sorted(site.rglob("*.html"))) == []


def run_in_chromium(script: str, pages: list[Path]) -> object:
    if CHROMIUM is None or not (NODE_MODULES / "playwright-core").is_dir():
        pytest.skip("no Chromium or no playwright-core here")
    done = subprocess.run(
        ["node", ROOT / "tests" / script, CHROMIUM, *pages],
        capture_output=True,
        text=True,
        timeout=400,
        check=True,
        env={**os.environ, "NODE_PATH": str(NODE_MODULES)},
    )
    return json.loads(done.stdout)


def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(site: Path) -> None:
    assert run_in_chromium("axe.cjs", pages(site)) == []


def test_the_checker_of_html_finds_no_error(site: Path) -> None:
    checker = NODE_MODULES / "vnu-jar/build/dist/vnu.jar"
    if not checker.is_file() or shutil.which("java") is None:
        pytest.skip("no HTML checker or no Java here")
    done = subprocess.run(
        ["java", "-jar", checker, "--errors-only", "--skip-non-html", "--format", "json", site],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert json.loads(done.stderr)["messages"] == []


def test_the_search_finds_posts_by_its_one_script(site: Path, tmp_path: Path) -> None:
    dom, asked, complaints = visit(site / "search.html", tmp_path, "#@ADA_%20t\u00edDE")
    assert (asked, complaints) == ([], [])
    found = re.search(r'<ul id="found" class="rows">(.*?)</ul>', dom, re.DOTALL)
    assert found is not None
    pages = re.findall(r'<a href="(posts/[^"]+)">', found[1])
    assert 0 < len(pages) < 20
    assert all((site / page).is_file() for page in pages)
    assert f"{len(pages)} post" in dom


def test_foreign_text_is_text_in_the_search(site: Path, tmp_path: Path) -> None:
    dom, asked, complaints = visit(site / "search.html", tmp_path, "#onerror%3Dalert")
    assert (asked, complaints) == ([], [])
    found = re.search(r'<ul id="found" class="rows">(.*?)</ul>', dom, re.DOTALL)
    assert found is not None
    tags = {token.name for token in tokenize(found[1]) if token.kind == START}
    assert tags == {"li", "p", "a", "bdi", "span"}


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


def test_foreign_pages_are_inert_as_a_browser_reads_them(tmp_path: Path) -> None:
    """Without any policy: what the browser's own parser makes of it, and what then runs."""
    cases = json.loads(shared("payloads/dompurify.json").read_text(encoding="utf-8"))
    vectors = shared("payloads/h5sc-vectors.txt").read_text(encoding="utf-8").split("\n")
    sources = [*(case["payload"] for case in cases), *vectors]
    parts = ["".join(str(part) for part in make_inert(source).parts) for source in sources]
    page = tmp_path / "foreign.html"
    body = "</main><main>".join(parts)
    page.write_text(f"<!doctype html><meta charset=utf-8><main>{body}</main>", encoding="utf-8")
    dom, asked, complaints = visit(page, tmp_path)
    assert (asked, complaints) == ([], [])
    tags = [token for token in tokenize(dom) if token.kind == START]
    assert {tag.name for tag in tags} <= {
        *BLOCKS,
        *INLINE,
        *VOID,
        *("html", "head", "meta", "body", "main", "colgroup"),
    }
    assert sum(tag.name == "main" for tag in tags) == len(parts)
    names = {attribute.name for tag in tags for attribute in attributes(dom, tag)}
    assert not {name for name in names if name.startswith("on")} | names & {
        "style",
        "src",
        "srcset",
    }
