"""HTML text → its tokens, by the states of the WHATWG tokenizer; their content it leaves alone."""

from __future__ import annotations

import re
from typing import Final

from .inside import ATTRIBUTE, is_self_closing, lower
from .tokens import COMMENT, DOCTYPE, END, RAWTEXT, RCDATA, START, TEXT, Token, Tokens, mark_of

DATA: Final = "data"
SCRIPT_DATA: Final = "script"
PLAINTEXT: Final = "plaintext"

_RAW_ELEMENTS: Final = {
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

_TAG = re.compile(
    r"<(?:(/?[A-Za-z][^\t\n\f\r />]*+)"
    r'(?:>|(?> [A-Za-z-]++="[^"]*+")*+'  # as nearly all tags are written
    rf"(?>{ATTRIBUTE.replace('([', '(?:[')})*+"
    r"[\t\n\f\r /]*+>))?+"
)
"""A complete tag, or the `<` of anything else."""
_DECLARATION = re.compile(
    r"<(?:!(?:--|(?P<doctype>doctype))?|\?|/(?=[^A-Za-z>])|(?P<tag>/?(?=[A-Za-z])))",
    re.IGNORECASE,
)
_COMMENT_END = re.compile(r"--!?>")
_SCRIPT_MARK = re.compile(r"<!--|-->|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE)
_RAW_ENDS = {name: re.compile(rf"</(?i:{name})(?=[\t\n\f\r />])") for name in _RAW_ELEMENTS}
_FOREIGN = frozenset({"svg", "math"})
_SWITCHING = _RAW_ELEMENTS.keys() | _FOREIGN
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
                self._add(mark_of(token), at)
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
        name = lower(written).lstrip("/")
        kind = END if written[0] == "/" else START
        if name not in _SWITCHING:
            self.known[written] = name if kind == START else f"/{name}"
        return Token(kind, start, end, name)

    def _behind(self, token: Token) -> int:
        """Adds what is no tag; of markup that gives no token only its place."""
        if token.kind:
            self._add(mark_of(token), token.start)
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
        return self._raw(tag.end, _RAW_ELEMENTS[tag.name], tag.name)

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
