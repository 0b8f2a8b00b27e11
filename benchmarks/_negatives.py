"""Texts and pages that hold no embed → what is called one there all the same. Prints nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from embedarchive.tokenizer import END, START, tokenize

_NAMES = (
    "Marta Koll", "Jon Aberg", "Renate Vogt (CDU)", "Lukas Pohl", "Inés Rubio", "Paulo Teixeira",
    "Yuki Morita", "佐伯 玲", "김서준", "Olga Bely", "Ольга Белова", "ليلى حداد", "Ayşe Demir",
    "Newsroom 24", "The Harbour Post", "Dr. A. Lind – Economist", "Zoë 🌍", "Kaito@work",
)  # fmt: skip
_HANDLES = (
    "martakoll", "jon_aberg", "VogtRenate", "lpohl88", "inesrubio_", "pteixeira", "ymorita",
    "harbourpost", "newsroom24", "a_lind", "obelova", "laylahaddad", "aysedmr", "zoe_z", "K_work",
)  # fmt: skip
_DATES = (
    "March 3, 2019", "November 21, 2014", "3 March 2019", "21. Juni 2018", "4 de mayo de 2021",
    "12 mars 2012", "2018年12月1日", "2016년 2월 25일", "24 марта 2019 г.", "13 Kasım 2016",
    "2019-03-03", "03/03/2019", "Mar 3, 2019", "Sept. 9, 2020", "٣ مارس ٢٠١٩",
)  # fmt: skip

_CREDITS = (
    "Photo: {name} (@{handle})",
    "Image: X/@{handle}, {date}",
    "Screenshot from {name}'s Twitter profile (@{handle}), taken on {date}.",
    "Video by {name} (@{handle}). Published {date}.",
    "Foto: {name} (@{handle}) / aufgenommen am {date}",
    "Crédito: @{handle}, {date}",
    "Pic via {name} (@{handle}) – all rights reserved",
    "写真:{name}(@{handle}) {date}撮影",
    "{name} (@{handle}) | Twitter",
    "(via @{handle})",
)
_PROSE = (
    "On {date}, {name} (@{handle}) told us that the harbour would stay shut.",
    "As {name} (@{handle}) wrote on {date}, nobody had asked the neighbours.",
    "Am {date} schrieb {name} (@{handle}) auf Twitter, man habe niemanden gefragt.",
    "El {date}, {name} (@{handle}) contestó que no había nada que decir.",
    "Le {date}, {name} (@{handle}) a répondu que rien n'était décidé.",
    "Em {date}, {name} (@{handle}) disse que nada mudou.",
    "{date}、{name}さん(@{handle})は会見を開いた。",
    "{date} {name}(@{handle}) 씨는 회견을 열었다.",
    "{date} {name} (@{handle}) заявил, что порт закрыт.",
    "{name} (@{handle}), {date} tarihinde bir açıklama yaptı.",
    "Thanks to @{handle} for the pointer ({date}).",
    "Follow @{handle} and @{handle2} for more. Updated {date}.",
    "The account @{handle}, opened on {date}, has been silent — nobody knows why.",
    "{name} — known as @{handle} — left the party on {date}.",
    "Between {date} and {date2} the account (@{handle}) posted 14 times.",
    '"We never said that," {name} (@{handle}) said on {date} — and then said it again.',
    '{name} (@{handle}) tweeted on {date}: "Nothing is decided." It was.',
)
_BYLINES = (
    "By {name} (@{handle})",
    "By {name} (@{handle}) on {date}",
    "By {name} (@{handle})\n{date}",
    "{name} (@{handle}) is a reporter at the Harbour Post. Last updated: {date}",
    "Von {name} (@{handle}), aktualisiert am {date}",
    "Posted by {name} on {date} | Follow: @{handle}",
    "{date} | {name} (@{handle})",
)
_LISTS = (
    "- {name} (@{handle})\n- {name2} (@{handle2})\n- Deadline: {date}",
    "1. {name} (@{handle}): keynote, {date}\n2. {name2} (@{handle2}): panel, {date2}",
    "| {name} | @{handle} | {date} |\n| {name2} | @{handle2} | {date2} |",
    "{name} (@{handle}){name2} (@{handle2})",
    "* **{name}** (@{handle}) - joined {date}\n* **{name2}** (@{handle2}) - joined {date2}",
    "## {name} (@{handle})\n\nJoined {date}. 1,204 Following 88 Followers",
)
_OTHER_NETWORKS = (
    "View this post on Instagram\n\nA post shared by {name} (@{handle}) on Jan 6, 2017 at 2am PST",
    "A post shared by {name} (@{handle})",
    "The harbour stays shut.\n\n— {name} (@{handle}.bsky.social) April 21, 2025 at 9:45 AM",
    "Post by @{handle}@mastodon.example View on Mastodon",
    "Truth Social page resolves to {name} (@{handle}), checked {date}.",
    "@{handle} the harbour at dawn #harbour ♬ original sound - {name}",
    "Posted by {name} on Thursday, December 31, 2020",
    "{name} (@{handle}) on Threads, {date}: 12 replies",
)
_CODE = (
    "$ git log --author=@{handle} --since='{date}'",
    "assignees: [@{handle}, @{handle2}] # due {date}",
    "cc @{handle} @{handle2} – review by {date}, please",
    "Reviewed-by: {name} (@{handle})\nDate: {date}",
    "v2.1 – {date}: fixes by {name} (@{handle})",
)
_FAMILIES = (_CREDITS, _PROSE, _BYLINES, _LISTS, _OTHER_NETWORKS, _CODE)
_SENTENCES = (
    "The council met again and put the decision off.",
    "Niemand wollte sich dazu äußern.",
    "Nadie quiso comentar la decisión.",
    "La réunion a duré trois heures.",
    "会議は三時間続いた。",
    "Заседание длилось три часа.",
    "استمر الاجتماع ثلاث ساعات.",
)
_FILLERS = (*_SENTENCES, "# What comes next", "> Nothing is decided, the mayor said.", "")
_JOINTS = ("\n\n", "\n", " ", "\r\n\r\n")


def build_citations(count: int = 10_000) -> Iterator[str]:
    """Texts that cite handles and dates and embed nothing; the same ones in each run."""
    draw = random.Random(20_190_303)
    for _ in range(count):
        cited = [draw.choice(draw.choice(_FAMILIES)) for _ in range(draw.randint(1, 3))]
        pieces = [*cited, *draw.choices(_FILLERS, k=draw.randint(0, 4))]
        draw.shuffle(pieces)
        # `(@handle)` before a date is an attribution to any reader, so no two pieces may make one.
        for at in range(len(pieces) - 1, 0, -1):
            if pieces[at].startswith("{date}") and pieces[at - 1].endswith(")"):
                pieces.insert(at, draw.choice(_SENTENCES))
        yield draw.choice(_JOINTS).join(_fill(piece, draw) for piece in pieces)


def _fill(template: str, draw: random.Random) -> str:
    return template.format(
        name=draw.choice(_NAMES),
        name2=draw.choice(_NAMES),
        handle=draw.choice(_HANDLES),
        handle2=draw.choice(_HANDLES),
        date=draw.choice(_DATES),
        date2=draw.choice(_DATES),
    )


def without_embeds(html: str, embeds: Iterable[dict[str, Any]]) -> str:
    """A page without the blockquotes that hold its gold embeds."""
    ids = [embed["id"] for embed in embeds]
    kept, at = [], 0
    for start, end in _quotes(html):
        if start >= at and any(post_id in html[start:end] for post_id in ids):
            kept.append(html[at:start])
            at = end
    return "".join([*kept, html[at:]])


def _quotes(html: str) -> list[tuple[int, int]]:
    """The innermost blockquotes of a page; one without an end tag ends where the next begins."""
    quotes, opened = [], None
    for token in tokenize(html):
        if token.name != "blockquote" or token.kind not in (START, END):
            continue
        if opened is not None:
            quotes.append((opened, token.end if token.kind == END else token.start))
        opened = token.start if token.kind == START else None
    return quotes
