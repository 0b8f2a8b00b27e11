"""The words that the service's widget prints around a post, line by line. Not the post's words.

Most are in the English string table of the embed bundle (2023); retweets, likes, `See NAME's other
Tweets`, `Replying to` are known from copied pages, the other languages from the same.
"""

from __future__ import annotations

import re

from ..patterns import SLASH

_COUNT = r"[0-9][0-9.,\u00a0\u202f]{0,12}\s?[KMB]?"
_ACCOUNT = r"@[A-Za-z0-9_]{1,15}"
_SERVICE = r"(?:Twitter|X)"
_POST = r"(?:Tweet|post)"

_LOST = rf"""
  View\ (?:image|photo|video)s?\ on\ {_SERVICE}
| (?:Visit|View|See)\ this\ {_POST}\ on\ {_SERVICE}
| {_SERVICE}\ Ads\ info\ and\ privacy
| (?:Ver\ imagen|Ver\ imagem|Ver\ foto)\ (?:en|no)\ {_SERVICE}
| Voir\ l['’]image\ sur\ {_SERVICE}
| Bild\ auf\ {_SERVICE}\ an(?:sehen|zeigen)
| Información\ y\ privacidad\ de\ {_SERVICE}\ Ads
| Informações\ e\ privacidade\ no\ {_SERVICE}\ Ads
| Informations\ sur\ les\ Publicités\ {_SERVICE}\ et\ confidentialité
| {_SERVICE}\ Ads\ Info\ und\ Datenschutz
"""

_OTHER = rf"""
  [·•∙|] | {_COUNT} | {_SERVICE}(?:\ Embed)?
| Embedded\ video | Image | GIF | ALT | Video | Promoted | Verified(?:\ account)? | [✔✓]\ufe0f?
| Follow(?:ing)? | Folgen | Seguir | Suivre | Segui | Takip\ et | フォローする | 팔로우
| View\ (?:on\ {_SERVICE}|{_POST}|replies|profile\ on\ {_SERVICE}|photos?|media|summary)
| View\ video\ on\ {_SERVICE}\ with\ {_COUNT}\ views?
| (?:Continue\ )?[Ww]atch(?:ing)?(?:\ more)?\ \(?on\ {_SERVICE}\)?
| Read\ (?:more\ on\ {_SERVICE}|{_COUNT}\ repl(?:y|ies)|the\ full\ conversation\ on\ {_SERVICE})
| Explore\ what['’]s\ happening\ on\ {_SERVICE}
| See\ the\ latest\ {_POST} | Last\ edited(?:\ .{{0,40}})?
| This\ is\ the\ latest\ version\ of\ this\ {_POST}\.
| The\ following\ media\ includes\ potentially\ sensitive\ content\.(?:\ Change\ settings)?
| See\ (?:the\ )?latest\ COVID-19\ info(?:rmation)?(?:\ on\ {_SERVICE})?
| (?:Like|Reply\ to|Share)\ this\ {_POST} | Like\.\ This\ {_POST}\ has\ {_COUNT}\ likes
| Reply | Retweet | Repost | Like | Share | Copied! | Translate\ {_POST}
| Copy\ link(?:\ to\ {_POST})?
| {_COUNT}\ (?:people\ are|person\ is)\ talking\ about\ this
| {_COUNT}\ (?:personas\ están\ hablando\ de\ esto|pessoas\ estão\ falando\ sobre\ isso)
| {_COUNT}\ (?:personnes\ parlent\ à\ ce\ sujet|Nutzer\ sprechen\ darüber)
| See\ .{{1,60}}['’]s?\ other\ Tweets
| Replying\ to(?:\ {_ACCOUNT}(?:,?\ (?:and\ )?(?:{_ACCOUNT}|{_COUNT}\ others?))*)?
| (?:{_COUNT}\s+){{0,2}}(?:Retweets?|[Rr]eposts?|[Ll]ikes?|[Rr]eplies|[Rr]eply|Quote\ Tweets|views)
  (?:\s+(?:{_COUNT}\s+){{0,2}}(?:[Rr]etweets?|[Rr]eposts?|[Ll]ikes?|[Rr]eplies))*
"""

# One of these is in each line that says so. A capital is the quickest thing to look for.
_LOST_PARTS = tuple(
    re.compile(part)
    for part in (
        r"V(?=i(?:ew\s+(?:image|photo|video|this\s)|sit\s+this\s)|er\s+(?:image[nm]|foto)\s|oir\s+l)",
        *(r"S(?=ee\s+this\s)", r"A(?=ds\s+[iI]nfo\s+(?:and|und)\s)", r"B(?=ild\s+auf\s)"),
        *(r"I(?=nformations\s+sur\s)", r"privacida"),
    )
)
LOST_PATTERNS = (
    r"view\s{1,20}[ipv][a-z]{4,5}\s{1,20}on\s{1,20}(?:twitter|x)",
    r"(?:visit|view|see)\s{1,20}this\s{1,20}(?:tweet|post)\s{1,20}on\s{1,20}(?:twitter|x)",
    r"ver\s{1,20}(?:imagen|imagem|foto)\s{1,20}(?:en|no)\s{1,20}(?:twitter|x)",
    r"voir\s{1,20}l.{1,8}i[a-z]{3}e\s{1,20}sur\s{1,20}(?:twitter|x)",
    r"bild\s{1,20}auf\s{1,20}(?:twitter|x)\s{1,20}an(?:sehen|zeigen)",
    r"(?:twitter|x)\s{1,20}ads\s{1,20}info",
    r"privacidade?\s{1,20}(?:de|no)\s{1,20}(?:twitter|x)\s{1,20}ads",
    r"(?:twitter|x)\s{1,20}et\s{1,20}confidentialit",
)
"""The same as byte patterns, for bytes that were not read yet.

`image` is not written out: it would be looked for, and be found hundreds of times in a page.
"""
SHORT_PATTERNS = (rf"(?:t\.co|pic\.(?:twitter|x)\.com){SLASH}[a-z0-9]{{7}}",)
"""A short link, as a byte pattern."""
_LOST_LINE = re.compile(_LOST, re.VERBOSE)
_ANY_LINE = re.compile(rf"{_LOST}|{_OTHER}", re.VERBOSE)
_LONGEST = 120


def is_chrome(line: str) -> bool:
    """Whether a line, stripped, is the widget's own."""
    return len(line) <= _LONGEST and _ANY_LINE.fullmatch(line) is not None


def is_lost_embed(line: str) -> bool:
    """Whether a line that stands alone says that a post was embedded there."""
    return len(line) <= _LONGEST and _LOST_LINE.fullmatch(line) is not None


def may_hold_lost_embed(text: str) -> bool:
    """Whether a line of the text may be one that `is_lost_embed` knows."""
    return any(part.search(text) for part in _LOST_PARTS)
