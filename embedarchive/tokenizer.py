"""HTML text → tags, texts and comments with their exact places, in linear time. Builds no tree.

The states of the WHATWG tokenizer, driven by regular expressions that never go back: every
quantifier that could is possessive. It never changes the text, so it never normalises line ends
or NUL; `decode` does where a value is asked for. Where a tree builder would switch the tokenizer
(script, style, title, ...), it switches itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from itertools import starmap
from typing import Final, NamedTuple, overload

START: Final = "start"
END: Final = "end"
TEXT: Final = "text"
RCDATA: Final = "rcdata"
"""Text of a title or textarea: no tags in it, but character references."""
RAWTEXT: Final = "rawtext"
"""Text of a script, style, iframe, ...: nothing in it means anything."""
COMMENT: Final = "comment"
DOCTYPE: Final = "doctype"

DATA: Final = "data"
SCRIPT_DATA: Final = "script"
PLAINTEXT: Final = "plaintext"


class Token(NamedTuple):
    """A piece of the text; the pieces lie in order, and what an unfinished tag ate has none."""

    kind: str
    start: int
    end: int
    name: str = ""
    """Of a tag, in lower case."""


class Tokens(Sequence[Token]):
    """The tokens of a text as three columns; a token is made when it is asked for.

    A page has thousands, of which few matter: to make them all takes longer than to find them.
    """

    def __init__(self, marks: list[str], starts: list[int], ends: list[int]) -> None:
        self.marks = marks
        """`div` of a start tag, `/div` of its end tag, `#text` and so on of all else."""
        self.starts = starts
        self.ends = ends

    def __len__(self) -> int:
        return len(self.marks)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            columns = zip(self.marks[index], self.starts[index], self.ends[index], strict=True)
            return list(starmap(_token, columns))
        return _token(self.marks[index], self.starts[index], self.ends[index])

    def __iter__(self) -> Iterator[Token]:
        return starmap(_token, zip(self.marks, self.starts, self.ends, strict=True))


def _token(mark: str, start: int, end: int) -> Token:
    if mark[0] == "/":
        return Token(END, start, end, mark[1:])
    if mark[0] == "#":
        return Token(mark[1:], start, end)
    return Token(START, start, end, mark)


def _mark_of(token: Token) -> str:
    if token.kind == START:
        return token.name
    return f"/{token.name}" if token.kind == END else f"#{token.kind}"


class Attribute(NamedTuple):
    """An attribute and the place of its value, without the quotes."""

    name: str
    value: str
    start: int
    end: int


RAW_ELEMENTS: Final = {
    "script": SCRIPT_DATA,
    "style": RAWTEXT,
    "xmp": RAWTEXT,
    "iframe": RAWTEXT,
    "noembed": RAWTEXT,
    "noframes": RAWTEXT,
    "title": RCDATA,
    "textarea": RCDATA,
    "plaintext": PLAINTEXT,
}
"""Elements whose content holds no tags; `noscript` does, as for a reader without scripts."""

_ATTRIBUTE = (
    r"[\t\n\f\r /]*+([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    r"(?>[\t\n\f\r ]*+=[\t\n\f\r ]*+"
    r"""(?>"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z)|([^\t\n\f\r >"'][^\t\n\f\r >]*+)|(?=>)|\Z))?+"""
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(
    r"<(?:(/?[A-Za-z][^\t\n\f\r />]*+)"
    r'(?:>|(?> [A-Za-z-]++="[^"]*+")*+'  # as nearly all tags are written
    rf"(?>{_ATTRIBUTE.replace('([', '(?:[')})*+"
    r"[\t\n\f\r /]*+>))?+"
)
"""A complete tag, or the `<` of anything else."""
_DECLARATION = re.compile(
    r"<(?:!(?:--|(?P<doctype>doctype))?|\?|/(?=[^A-Za-z>])|(?P<tag>/?(?=[A-Za-z])))",
    re.IGNORECASE,
)
_COMMENT_END = re.compile(r"--!?>")
_COMMENT_TAIL = re.compile(r"(?:--!?>?|-)\Z")
_SCRIPT_MARK = re.compile(r"<!--|-->|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE)
_RAW_ENDS = {name: re.compile(rf"</(?i:{name})(?=[\t\n\f\r />])") for name in RAW_ELEMENTS}
_FOREIGN = frozenset({"svg", "math"})
_SWITCHING = RAW_ELEMENTS.keys() | _FOREIGN
_TEXT_MARK = f"#{TEXT}"
_USUAL_NAMES = (
    "a article aside b blockquote body br button div em figure footer form g h1 h2 h3 h4 h5 h6 head"
    " header html i img input label li link main meta nav ol option p path picture section small"
    " source span strong symbol table tbody td th time tr ul use"
)
_USUAL = {tag: tag for name in _USUAL_NAMES.split() for tag in (name, f"/{name}")}
"""What most tags are, so that it is not learnt anew from each page."""
_RETRIES = 16
"""How often a lenient reading goes on behind what never ends; the bound keeps it linear."""


def tokenize(
    text: str, *, state: str = DATA, last_start: str = "", is_lenient: bool = False
) -> Tokens:
    """The tokens of HTML source, by https://html.spec.whatwg.org/#tokenization.

    `state` and `last_start` begin inside an element, as that specification's tests do. A lenient
    reading is for text that is HTML in places only (Markdown): what never ends is text there.
    """
    return _Tokenizer(text, is_lenient).run(state, last_start)


class _Tokenizer:
    """One pass over one text."""

    def __init__(self, text: str, is_lenient: bool) -> None:
        self.text = text
        self.marks: list[str] = []
        self.starts: list[int] = []
        self.gaps: list[tuple[int, int]] = []
        """Index and end of each token that does not end where the next one begins."""
        self.known = _USUAL.copy()
        """Tags as written → their marks, but for those behind which tags may mean nothing."""
        self.foreign = 0
        self.retries = _RETRIES if is_lenient else 0

    def run(self, state: str, last_start: str) -> Tokens:
        begun: int | None = 0 if state == DATA else self._raw(0, state, last_start)
        while begun is not None:
            begun = self._tags(begun)
        ends = [*self.starts[1:], len(self.text)] if self.starts else []
        for index, end in self.gaps:
            ends[index] = end
        return Tokens(self.marks, self.starts, ends)

    def _tags(self, begun: int) -> int | None:
        """Reads on from `begun`; returns where to begin anew, None at the end of the text."""
        text, known = self.text, self.known.get
        add_mark, add_start = self.marks.append, self.starts.append
        for tag in _TAG.finditer(text, begun):
            at, end = tag.span()
            mark = known(tag[1])
            if mark is None:
                token = self._unknown(tag[1], at, end)
                if token is None:
                    continue
                if at > begun:
                    self._add(_TEXT_MARK, begun)
                if token.kind not in (START, END):
                    return self._behind(token)
                self._add(_mark_of(token), at)
                begun = end
                if token.name in _SWITCHING and (begun := self._switch(token)) > end:
                    return begun
                continue
            # The inner loop, which takes a quarter of the time of all scanning.
            if at > begun:
                add_mark(_TEXT_MARK)
                add_start(begun)
            add_mark(mark)
            add_start(at)
            begun = end
        if begun < len(text):
            self._add(_TEXT_MARK, begun)
        return None

    def _add(self, mark: str, start: int) -> None:
        self.marks.append(mark)
        self.starts.append(start)

    def _unknown(self, written: str | None, start: int, end: int) -> Token | None:
        """A tag written as none was before, or what is no tag."""
        if written is None:
            return self._declaration(start)
        name = _lower(written).lstrip("/")
        kind = END if written[0] == "/" else START
        if name not in _SWITCHING:
            self.known[written] = name if kind == START else f"/{name}"
        return Token(kind, start, end, name)

    def _behind(self, token: Token) -> int:
        """Adds what is no tag; of markup that gives no token only its place."""
        if token.kind:
            self._add(_mark_of(token), token.start)
        elif self.marks:
            self.gaps.append((len(self.marks) - 1, token.start))
        return token.end

    def _declaration(self, at: int) -> Token | None:
        """What a `<` that begins no complete tag begins; None for a plain character.

        A kind of "" is markup that gives no token.
        """
        text = self.text
        if text.startswith("</>", at):
            return Token("", at, at + 3)
        begins = _DECLARATION.match(text, at)
        if begins is None:
            return None
        if begins[0] == "<!--":
            return self._up_to(COMMENT, at, _comment_end(text, at))
        if begins.lastgroup == "tag":
            return self._up_to("", at, -1)
        kind = DOCTYPE if begins.lastgroup == "doctype" else COMMENT
        return self._up_to(kind, at, text.find(">", at) + 1)

    def _up_to(self, kind: str, at: int, end: int) -> Token | None:
        """A token that ends at `end`; one without an end (0 or -1) takes all the rest."""
        if end <= 0:
            if self.retries:
                self.retries -= 1
                return None
            end = len(self.text)
        return Token(kind, at, end)

    def _switch(self, tag: Token) -> int:
        """Reads the content of a raw element; returns where tags begin again."""
        if tag.name in _FOREIGN:
            if tag.kind == START and not is_self_closing(self.text, tag):
                self.foreign += 1
            elif tag.kind == END and self.foreign:
                self.foreign -= 1
            return tag.end
        if tag.kind == END or (self.foreign and is_self_closing(self.text, tag)):
            return tag.end
        return self._raw(tag.end, RAW_ELEMENTS[tag.name], tag.name)

    def _raw(self, begun: int, state: str, name: str) -> int:
        text = self.text
        if state == SCRIPT_DATA:
            end = _script_end(text, begun)
        elif state == PLAINTEXT:
            end = -1
        else:
            end = _raw_end(text, begun, name)
        if end < 0:
            if self.retries:
                self.retries -= 1
                return begun
            end = len(text)
        if end > begun:
            kind = RCDATA if state == RCDATA else RAWTEXT
            self._add(f"#{kind}", begun)
        return end


def _comment_end(text: str, at: int) -> int:
    for short in ("<!-->", "<!--->"):
        if text.startswith(short, at):
            return at + len(short)
    end = _COMMENT_END.search(text, at + 4)
    return end.end() if end else -1


def _raw_end(text: str, begun: int, name: str) -> int:
    """Where the element's end tag begins, or -1."""
    # Three times as fast as the pattern alone, and half of a page may be scripts.
    first = text.find("</", begun)
    found = _RAW_ENDS.get(name, _RAW_ENDS["xmp"]).search(text, first) if first >= 0 else None
    return found.start() if found else -1


def _script_end(text: str, begun: int) -> int:
    """Where `</script` ends the script; in `<!-- <script>` one such tag is the script's own."""
    end = _raw_end(text, begun, "script")
    if end < 0 or text.find("<!--", begun, end) < 0:
        return end
    is_escaped = is_double = False
    at = begun
    while (mark := _SCRIPT_MARK.search(text, at)) is not None:
        at = mark.end()
        if mark[0] == "<!--":
            # In `<!-->` the same dashes end what they begin.
            is_escaped, at = True, at - 2
        elif mark[0] == "-->":
            is_escaped = is_double = False
        elif mark[1] is None or not mark[1]:
            is_double = is_escaped
        elif is_double:
            is_double = False
        else:
            return mark.start()
    return -1


def attributes(text: str, tag: Token) -> Iterator[Attribute]:
    """The attributes of a tag of `text` as written, duplicates included; the first one counts."""
    at, end = tag.start + 1 + len(tag.name) + (tag.kind == END), tag.end - 1
    while (found := _ATTRIBUTES.match(text, at, end)) is not None:
        at = found.end()
        group = found.lastindex or 1
        start, stop = found.span(group) if group > 1 else (at, at)
        value = decode(text[start:stop], is_attribute=True) if group > 1 else ""
        yield Attribute(_lower(found[1]), value, start, stop)


_HREF = re.compile(r'<[aA](?: (?!href=)[a-z-]++="[^"]*+")*+ href="([^"]*+)"')
"""As nearly all links are written."""


def find_href(text: str, start: int, end: int) -> str | None:
    """The address of the link whose start tag lies from `start` to `end`, if it has one."""
    if simple := _HREF.match(text, start, end):
        return decode(simple[1], is_attribute=True)
    at = start + 2
    # One behind the other: a search would look anew from each of the blanks behind the last one.
    while (found := _ATTRIBUTES.match(text, at, end - 1)) is not None:
        at = found.end()
        if found[1].lower() == "href":
            group = found.lastindex or 1
            return decode(found[group], is_attribute=True) if group > 1 else ""
    return None


def is_self_closing(text: str, tag: Token) -> bool:
    """Whether the tag ends in a slash that is no part of a value."""
    if not text.endswith("/>", tag.start, tag.end):
        return False
    return all(attribute.end < tag.end - 1 for attribute in attributes(text, tag))


def comment_span(text: str, comment: Token) -> tuple[int, int]:
    """Where a comment's content lies in `text`."""
    if not text.startswith("<!--", comment.start):
        skip = 1 if text.startswith("<?", comment.start) else 2
        is_closed = text.endswith(">", comment.start + skip, comment.end)
        return comment.start + skip, comment.end - is_closed
    start, end = comment.start + 4, comment.end
    if text[start:end] in (">", "->"):
        return start, start
    tail = _COMMENT_TAIL.search(text, max(start, end - 4), end)
    return start, tail.start() if tail else end


# --- character references ----------------------------------------------------------------------

REFERENCE: Final = re.compile(
    r"&(?:#(?:[xX]([0-9a-fA-F]++)|([0-9]++));?|([A-Za-z][A-Za-z0-9]*+);?)"
)
"""What may be a character reference: hexadecimal, decimal or by name."""

_LEGACY_LENGTH = max(len(name) for name in html5 if not name.endswith(";"))
_WINDOWS_1252 = {
    byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(128, 160)
}


def decode(text: str, *, is_attribute: bool = False) -> str:
    """The text with its character references resolved; in attributes `&copy=` stays as it is."""
    if "&" not in text:
        return text
    parts: list[str] = []
    begun = 0
    for found in REFERENCE.finditer(text):
        resolved = resolve_reference(found, is_attribute=is_attribute)
        if resolved is not None:
            character, end = resolved
            parts += (text[begun : found.start()], character)
            begun = end
    parts.append(text[begun:])
    return "".join(parts)


def resolve_reference(
    found: re.Match[str], *, is_attribute: bool = False
) -> tuple[str, int] | None:
    """What a match of `REFERENCE` stands for and where it ends; None for plain text."""
    hexadecimal, decimal, name = found.groups()
    if name is None:
        return _numeric(hexadecimal, 16) if hexadecimal else _numeric(decimal, 10), found.end()
    text, end = found.string, found.end()
    if text.endswith(";", found.start(), end) and name + ";" in html5:
        return html5[name + ";"], end
    for length in range(min(len(name), _LEGACY_LENGTH), 1, -1):
        if name[:length] in html5:
            end = found.start() + 1 + length
            after = text[end : end + 1]
            if is_attribute and (after == "=" or (after.isascii() and after.isalnum())):
                return None
            return html5[name[:length]], end
    return None


def _numeric(digits: str, base: int) -> str:
    digits = digits.lstrip("0")
    # Python refuses to read numbers of thousands of digits; no character needs more than seven.
    number = int(digits or "0", base) if len(digits) < 8 else 0
    if number == 0 or number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return "\ufffd"
    return _WINDOWS_1252.get(number) or chr(number)


def _lower(name: str) -> str:
    """ASCII lower case only: U+0130 must not become two characters."""
    if name.isascii():
        return name.lower()
    return "".join(c.lower() if c.isascii() else c for c in name)
