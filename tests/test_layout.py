"""The table of lines, and what it says of a text's layout."""

from __future__ import annotations

import pytest

from embedarchive.flattened.attributions import find_attributions
from embedarchive.flattened.layout import Layout, read_layout

ATTRIBUTION = "— Ann Oak (@annoak77) July 1, 2020"
BROKEN = "— Ann Oak (@annoak77)\nJuly 1, 2020"


def layout_of(text: str) -> Layout:
    return read_layout(text, find_attributions(text))


@pytest.mark.parametrize(
    ("text", "depth", "indent", "gap", "rift", "trail", "is_item"),
    [
        ("above\nwords", 0, 0, 0, 0, 0, False),
        ("above\n\n\nwords", 0, 0, 2, 2, 0, False),
        ("above  \nwords", 0, 0, 0, 0, 2, False),
        ("above\n    words", 0, 4, 0, 0, 0, False),
        ("above\n\n> words", 1, 1, 1, 1, 0, False),
        ("> above\n>\n> words", 1, 1, 1, 0, 0, False),
        ("above\n>> words", 2, 1, 0, 0, 0, False),
        ("above\n* > words", 1, 1, 0, 0, 0, False),
        ("above\n- words", 0, 0, 0, 0, 0, True),
        ("above\n12. words", 0, 0, 0, 0, 0, True),
        ("above\n-words", 0, 0, 0, 0, 0, False),
    ],
)
def test_a_line(
    text: str, depth: int, indent: int, gap: int, rift: int, trail: int, is_item: bool
) -> None:
    text = f"{text}\n{ATTRIBUTION}"
    layout = layout_of(text)
    line = layout.lines[layout.line_at(text.index("words"))]
    assert text[line.start : line.end].endswith("words")
    assert (line.depth, line.indent, line.gap, line.rift) == (depth, indent, gap, rift)
    assert (line.trail, line.is_item) == (trail, is_item)


def test_lines_cover_all_words_in_order() -> None:
    text = f"One\n\n  two \n> three\n{ATTRIBUTION}\nfour"
    layout = layout_of(text)
    words = [text[line.start : line.end] for line in layout.lines]
    assert words == ["One", "two", "three", ATTRIBUTION, "four"]
    assert layout.line_at(0) == 0
    assert layout.line_at(len(text)) == 4


def test_wrapped_lines_go_on_softly() -> None:
    words = "many words of five or six letters each that a browser for terminals wraps "
    lines, line = [], ""
    for word in (words * 8).split():
        if len(line) + 1 + len(word) > 78:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    text = "\n".join([*lines, line]) + f"\n\n{ATTRIBUTION}\n"
    layout = layout_of(text)
    assert 70 <= layout.wrap <= 78
    assert layout.is_soft(1)
    assert not layout.is_soft(len(layout.lines) - 1)


def test_unwrapped_text_has_no_wrap_column() -> None:
    text = "\n".join("x" * (30 + 17 * n % 200) for n in range(20)) + f"\n{ATTRIBUTION}"
    assert layout_of(text).wrap == 0


@pytest.mark.parametrize(
    ("text", "is_broken", "is_one_line"),
    [
        (f"words\n{ATTRIBUTION}\nmore", False, False),
        (f"words\n{BROKEN}\nmore", True, False),
        (f"so many words here {ATTRIBUTION} More of them", False, True),
        (f"so many words here{ATTRIBUTION}\nMore", False, False),
    ],
)
def test_the_whole(text: str, is_broken: bool, is_one_line: bool) -> None:
    layout = layout_of(text)
    assert (layout.is_broken, layout.is_one_line) == (is_broken, is_one_line)
