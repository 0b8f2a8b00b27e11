"""Words by which articles credit people: of photographs, talks, texts, changes. Pure.

From general knowledge of the languages that articles with tweets come in.
"""

from __future__ import annotations

import re

_WORKS = (
    r"photo(?:s|graphs?|graphy|graphers?|graphie)?|fotos?|foto(?:graf|grafía|grafia|grafie|ğraf)"
    r"|images?|imagen|imagem|immagine|pics?|pictures?|videos?|vidéo|vídeo|bild(?:er)?|kuva|zdjęcie"
    r"|görsel|фото|видео|صورة|تصوير|screenshots?|illustration|graphic|footage|artwork|cover"
    r"|credits?|crédits?|créditos?|courtesy|sources?|quelle|fuente|fonte|bron|kilde|kaynak"
    r"|источник|المصدر|talks?|keynote|panel|workshop|lecture|session|tutorial|vortrag|charla"
    r"|conférence|palestra|speakers?|hosts?|guests?|interview|entrevista|entretien|intervista"
    r"|podcast|episode|episodio|folge|authors?|autora?|auteur|autore|автор|editor|words|slides"
    r"|текст|contact|kontakt|contributors?|maintainers?|fix(?:es)?|changes"
)
_WORKS_UNSEPARATED = (
    r"写真|撮影|提供|画像|映像|取材|文|图片|图|摄影|来源|사진|영상|글|기자|출처|講演|発表"
)
_FIELDS = r"from|to|cc|bcc|date|subject|committer|assignees?|owner|reporter|[\w-]{2,20}-by"
_BY = r"by|via|with|von|mit|par|avec|por|con|van|door|av|af|från|fra|da|di|de|от|oleh"

_WORD = r"(?<!\w)(?=[\w-])"
"""Where one of the words may begin: to try them all takes long."""
_CREDIT = re.compile(
    rf"(?:©\s?|h/t\s)|(?:by|via|von|par|por|door|from|with|от)\s|By\s"
    rf"|[^\n]{{0,30}}?(?:{_WORD}(?i:{_WORKS}|{_FIELDS})|{_WORKS_UNSEPARATED})\s?[:：/／]"
    rf"|[^\n]{{0,30}}?{_WORD}(?:(?i:{_WORKS})\s(?i:{_BY})|\w{{2,12}}(?:ed|en)\sby)\s"
)
_WORK_LAST = re.compile(
    rf"(?:{_WORD}(?i:{_WORKS})|{_WORKS_UNSEPARATED})[^\w\n]{{0,3}}(?:(?i:{_BY})\s{{0,3}})?\Z"
)
_WORK_FIRST = re.compile(
    rf"[\s>*_(]{{0,20}}(?:(?i:{_WORKS}|{_FIELDS}|youtube|telegram)(?!\w)|{_WORKS_UNSEPARATED})"
)
_LONGEST_ROLE = 24


def is_credit(name: str) -> bool:
    """Whether what stands before a handle is no bare name: `By Ada`, `Foto: Ada`, `写真/Ada`."""
    return _CREDIT.match(name.lstrip()) is not None


def ends_with_work(words: str) -> bool:
    """Whether words end with what people are credited for: `the harbour. Photo`, `Interview`."""
    words = words[-_LONGEST_ROLE:]
    last = next(filter(str.isalnum, reversed(words)), "")
    return last.isalpha() and _WORK_LAST.search(words) is not None


def starts_with_work(words: str) -> bool:
    """Whether words start with what people are credited for, or a field: `Photo`, `Cc`."""
    return _WORK_FIRST.match(words) is not None
