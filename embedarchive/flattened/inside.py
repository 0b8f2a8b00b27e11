"""Running sums of what lies between a place and the attribution below it. Pure."""

from __future__ import annotations

from .features import Unit
from .layout import Line


class Inside:
    """Counts of the units from an attribution up to a place; grows as places go up."""

    def __init__(self) -> None:
        self.weight = self.letters = 0
        self.units = self.lines = self.terminals = self.longest = 0
        self.gap = -1
        """The largest gap at a break inside; -1 where there is no break."""
        self.breaks = self.lowers = self.spread = 0
        self.pics = self.shorts = self.urls = self.mentions = self.hashtags = self.emoji = 0
        self.sentences = self.cues = self.says = self.authors = self.handles = 0
        self.upper = self.characters = self.digits = self.quotes = self.commas = self.shouts = 0
        self.words = self.word_letters = self.persons = self.curly = self.straight = 0
        self.shingles: set[str] = set()
        self.top_language = -1
        """Of the uppermost unit whose language is known; -1 if none is."""
        self._languages: dict[int, int] = {}

    def add(self, unit: Unit, line: Line, at_start: bool, own_indent: int) -> None:
        """Count a unit on top of those below; `at_start` of its line."""
        blank = self.units > 0
        self.weight += unit.weight + blank
        self.letters += unit.letters + blank
        self.units += 1
        self.terminals += unit.is_terminal
        self.longest = max(self.longest, unit.weight)
        if at_start:
            self.lines += 1
            self.spread = max(self.spread, abs(line.indent - own_indent))
        self.pics += unit.pics
        self.shorts += unit.shorts
        self.urls += unit.urls
        self.mentions += unit.mentions
        self.hashtags += unit.hashtags
        self.emoji += unit.emoji
        self._add_words(unit)

    def _add_words(self, unit: Unit) -> None:
        self.sentences += unit.sentences
        self.cues += unit.has_cue
        self.says += unit.says
        self.upper += unit.upper
        self.digits += unit.digits
        self.characters += len(unit.text)
        self.quotes += unit.quotes
        self.commas += unit.commas
        self.shouts += unit.shouts
        self.persons += unit.persons
        self.curly += unit.curly
        self.straight += unit.straight
        self.words += unit.words
        self.word_letters += unit.word_letters
        self.shingles |= unit.shingles
        if unit.language >= 0:
            self.top_language = unit.language
            known = self._languages.get(unit.language, 0)
            self._languages[unit.language] = known + unit.words

    def close(self, line: Line, unit: Unit) -> None:
        """Count the break above a line's first unit as one inside, for the places further up."""
        self.breaks += not line.gap
        self.gap = max(self.gap, line.gap)
        self.lowers += unit.text[:1].islower()

    @property
    def links(self) -> int:
        return self.pics + self.shorts

    @property
    def marks(self) -> int:
        return self.links + self.mentions + self.hashtags + self.emoji

    @property
    def is_mixed(self) -> bool:
        """Whether its units are in several languages."""
        return len(self._languages) > 1

    @property
    def language(self) -> int:
        """Of most of its words; -1 if unknown."""
        languages = self._languages
        return max(languages, key=languages.__getitem__) if languages else -1
