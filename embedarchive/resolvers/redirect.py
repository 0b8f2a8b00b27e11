"""A t.co or pic code of the document → the post whose media page the code redirects to."""

from __future__ import annotations

import html
import re

from ..errors import UpstreamError
from ..models import Claim, Fetcher, Index, Level, Resolution, Response, unexpected
from ..networks.x import NETWORK
from ._match import match

_HOSTS = ("t.co", "pic.twitter.com")
_CODE = re.compile(r"[A-Za-z0-9]{6,12}")
_MAX_CODES = 8
_MAX_HOPS = 4
_MAX_BODY = 65_536

_SHORT = re.compile(r"https?://(?:t\.co|pic\.twitter\.com|pic\.x\.com)/[A-Za-z0-9]{6,12}")
_MEDIA_PAGE = re.compile(
    r".{1,100}/status(?:es)?/[0-9]{1,19}/(?:photo|video)/[0-9]{1,2}/?(?:[?#].*)?"
)
_WARNING = re.compile(r"https?://(?:www\.)?(?:twitter|x)\.com/safety/unsafe_link_warning")
_REFRESH = re.compile(r"http-equiv=\"?refresh\"?\s{1,9}content=\"0;\s?URL=([^\"]{1,4000})\"", re.I)
_SCRIPT = re.compile(r"location\.replace\(\"([^\"]{1,4000})\"\)")


class _Refused(Exception):
    """The code leads to no post; the words say where it led."""


class Redirect:
    """https://t.co/CODE, and https://pic.twitter.com/CODE where that knows nothing."""

    name = "redirect"
    is_online = True

    def resolve(self, claim: Claim, index: Index, fetch: Fetcher | None) -> list[Resolution]:
        """Ask code by code, the last one first: a post's media link ends its text.

        Only a media page (`/status/ID/photo/1`) names the post that was embedded; a plain status
        is more often one that it quotes. Raises UpstreamError where no code led to a post and one
        could not be asked.
        """
        findings: list[Resolution] = []
        failure: UpstreamError | None = None
        if fetch is None or claim.network != "x":
            return findings
        for code in [code for code in claim.codes if _CODE.fullmatch(code)][: -_MAX_CODES - 1 : -1]:
            try:
                findings.append(self._finding(code, claim, fetch))
            except UpstreamError as error:
                failure = failure or error
            if findings and findings[-1].target:
                return findings
        if failure is not None:
            raise failure
        return findings

    def _finding(self, code: str, claim: Claim, fetch: Fetcher) -> Resolution:
        evidence: dict[str, object] = {"code": code}
        try:
            location = _target_of(code, fetch)
            evidence["location"] = location[:2000]
            post = NETWORK.identify(location)
            # A mirror or a reader of X is somebody's link, never where a media code leads.
            if _WARNING.match(location) or post is None or post.wrapper:
                words = "a warning page" if _WARNING.match(location) else location[:200]
                raise _Refused(f"the code leads to {words}, which is no post")
        except _Refused as refusal:
            return Resolution(self.name, Level.MATCHED, None, evidence, str(refusal))
        is_media = _MEDIA_PAGE.fullmatch(location) is not None
        return match(self.name, claim, post.target, post.handle, evidence, needs_both=not is_media)


def _target_of(code: str, fetch: Fetcher) -> str:
    """Where the code leads in the end; raises _Refused, UpstreamError."""
    for host in _HOSTS:
        location, seen = f"https://{host}/{code}", set[str]()
        while _SHORT.fullmatch(location):
            if location in seen or len(seen) == _MAX_HOPS:
                raise _Refused(f"the code leads in a circle at {location}")
            seen.add(location)
            found = _location(fetch.get(location, follow_redirects=False, max_bytes=_MAX_BODY))
            if found is None:
                break
            location = found.replace("http://", "https://", 1) if _SHORT.fullmatch(found) else found
        else:
            return location
    raise _Refused("no such code is known")


def _location(response: Response) -> str | None:
    """The redirect's target: of a 301, or of the page that browsers get; None for 404.

    The page holds it HTML-escaped in a META element and with escaped slashes in a script.
    """
    if response.status in (404, 410):
        return None
    if response.status in (301, 302, 303, 307, 308) and response.headers.get("location"):
        return response.headers["location"]
    page = response.body.decode("utf-8", "replace")
    if response.status == 200 and (found := _REFRESH.search(page)):
        return html.unescape(found[1])
    if response.status == 200 and (found := _SCRIPT.search(page)):
        return found[1].replace("\\/", "/")
    raise unexpected(response, "neither a redirect nor a page that redirects")


RESOLVER = Redirect()
