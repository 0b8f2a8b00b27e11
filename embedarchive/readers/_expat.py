"""expat over a file, or over the rest of one: elements of some names, each as a small tree.

Nothing is expanded and nothing loaded: entities that a file declares are an error ("billion
laughs"). The named characters of HTML are known, since feeds use them undeclared.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from html.entities import name2codepoint
from typing import NamedTuple
from xml.parsers import expat

from ..errors import InputError
from ..models import Reading, Source
from ._records import MAX_RECORD, bad_record

_MAX_DEPTH = 200
_MAX_NODES = 100_000
"""Of one record: more are no article, and each takes a hundred times its bytes in memory."""
_XML_SPECIALS = {"amp", "lt", "gt", "quot"}
_HTML_ENTITIES = "".join(
    f'<!ENTITY {name} "&#{code};">'
    for name, code in name2codepoint.items()
    if name not in _XML_SPECIALS
).encode()
_WRAPPER = b"<records>"
_OVER = (
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH],
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
)


class Element:
    """An element with what is in it, in order."""

    __slots__ = ("attributes", "content", "name")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.content: list[str | Element] = []

    def all(self, *names: str) -> Iterator[Element]:
        """The elements directly inside that are called one of the names."""
        for part in self.content:
            if isinstance(part, Element) and part.name in names:
                yield part

    def text(self, *names: str) -> str:
        """The words of the first element of these names that has any, in the order of the names."""
        found = (element.words for name in names for element in self.all(name))
        return next(filter(None, found), "")

    @property
    def words(self) -> str:
        """What stands in it outside of other elements."""
        return "".join(part for part in self.content if isinstance(part, str)).strip()

    @property
    def markup(self) -> str:
        """What stands in it, written out again."""
        return "".join(
            escape(part, quote=False) if isinstance(part, str) else part._written()
            for part in self.content
        ).strip()

    def _written(self) -> str:
        name = self.name.rpartition(":")[2]
        given = "".join(f' {key}="{escape(value)}"' for key, value in self.attributes.items())
        inside = self.markup
        return f"<{name}{given}>{inside}</{name}>" if inside else f"<{name}{given} />"


class Record(NamedTuple):
    """One of the elements that were asked for."""

    row: int
    """Counted from 1."""
    offset: int | None
    """Of its first byte; None in an encoding of several bytes that is not of Unicode."""
    element: Element


class Broken(NamedTuple):
    """Where and why the XML cannot be read on."""

    reason: str
    at: int
    is_over: bool
    """It is only the end of what began in front of the place where reading was taken up again."""


class Parser:
    """One run of expat: over a file, or over the rest of it behind a broken place."""

    def __init__(
        self,
        source: Source,
        reading: Reading,
        names: frozenset[str],
        last: Parser | None = None,
        *,
        encoding: str | None = None,
        begins: int = 0,
        is_again: bool = False,
    ) -> None:
        """`last` is the one that broke; `is_again` where this one begins with the same record."""
        self.begins = begins
        self.row: int = last.row - is_again if last else 0
        self._encoding: str | None = last._encoding if last else encoding
        self._source = source
        self._reading = reading
        self._names = names
        self._is_rest = last is not None
        self.found: list[Record] = []
        self._open: list[Element] = []
        self._depth = 0
        self._record_depth = 0  # that of the record that is being read, 0 where none is
        self._offset = self._size = self._nodes = 0  # of that record
        self._expat = self._made()
        wrapper = _WRAPPER if self._is_rest else b""
        self._shift = begins - len(wrapper)
        self._fed = len(wrapper)
        self._expat.Parse(wrapper, False)

    def _made(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(self._encoding)
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declare
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.SkippedEntityHandler = lambda name, _: self._add(f"&{name};")  # one of nobody's
        parser.EntityDeclHandler = self._refuse
        parser.UseForeignDTD(True)
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        parser.ExternalEntityRefHandler = self._know_html
        return parser

    def parse(self, data: bytes, *, is_final: bool) -> Broken | None:
        """Read on; what was found before a broken place is in `taken`."""
        try:
            self._expat.Parse(data, is_final)
        except expat.ExpatError as error:
            at = max(self._expat.ErrorByteIndex, 0) + self._shift
            is_over = self._is_rest and self._depth == 1 and error.code in _OVER
            return Broken(f"broken XML: {expat.ErrorString(error.code)}", at, is_over)
        except (ValueError, LookupError) as error:
            reason = f"{self._source.uri}: unknown charset: {error}"
            raise InputError(reason, uri=self._source.uri) from None
        self._fed += len(data)
        at = max(self._expat.CurrentByteIndex, 0)
        if self._fed - at > MAX_RECORD:
            # expat reads a tag that is not over yet again with each piece of it.
            return Broken(f"broken XML: a tag of more than {MAX_RECORD >> 20} MB", at, False)
        return None

    @property
    def open_row(self) -> int | None:
        """That of the record which is not complete yet."""
        return self.row if self._record_depth else None

    @property
    def open_offset(self) -> int | None:
        """Of that record; None also where it was dropped, since it is too large."""
        return self._offset if self._open else None

    def taken(self) -> list[Record]:
        """The records that are complete, each once."""
        found, self.found = self.found, []
        return found

    def _declare(self, version: str, encoding: str | None, standalone: int) -> None:
        self._encoding = self._encoding or encoding

    def _know_html(self, context: str, *_: object) -> int:
        """Instead of any other file: what names HTML has for characters."""
        inner = self._expat.ExternalEntityParserCreate(context)
        inner.EntityDeclHandler = None
        inner.Parse(_HTML_ENTITIES, True)
        return 1

    def _refuse(self, name: str, *_: object) -> None:
        uri = self._source.uri
        raise InputError(f"{uri}: declares entities ({name[:40]}), and is not read", uri=uri)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._record_depth:
            self._nodes += 1
            self._size += sum(map(len, attributes.values()))
            if self._open and not self._is_too_large():
                element = Element(name, attributes)
                self._open[-1].content.append(element)
                self._open.append(element)
        elif name in self._names:
            self.row += 1
            self._record_depth = self._depth
            self._offset = self._expat.CurrentByteIndex + self._shift
            self._size = self._nodes = 0
            self._open = [Element(name, attributes)]

    def _add(self, text: str) -> None:
        self._size += len(text)
        if self._open and not self._is_too_large():
            self._open[-1].content.append(text)

    def _end(self, name: str) -> None:
        if self._open:
            element = self._open.pop()
            if not self._open:
                self.found.append(Record(self.row, self._offset, element))
        if self._depth == self._record_depth:
            self._record_depth = 0
        self._depth -= 1

    def _is_too_large(self) -> bool:
        """Tells and drops a record that is beyond all bounds."""
        depth = self._depth - self._record_depth
        if self._size <= MAX_RECORD and self._nodes <= _MAX_NODES and depth <= _MAX_DEPTH:
            return False
        reason = "too large, or too deeply nested, for an article"
        where = {"row": self.row, "offset": self._offset}
        self._reading.on_bad(bad_record(self._source, reason, **where))
        self._open = []
        return True
