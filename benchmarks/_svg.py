"""Series of points → an SVG drawing of panels with logarithmic axes, by hand. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 380, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 44, 14, 46
_STYLE = """text { font: 12px system-ui, sans-serif; fill: #444 }
.title { font-weight: 600; fill: #222 }
line { stroke: #ddd }
path { fill: none; stroke-width: 2 }
rect.back { fill: #fff }"""


@dataclass(frozen=True, slots=True)
class Series:
    """A named line."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """One diagram; `x_ticks` and `y_ticks` also give the ends of its axes."""

    title: str
    x_label: str
    x_ticks: Sequence[float]
    y_ticks: Sequence[float]
    lines: Sequence[Series]


def draw_panels(panels: Sequence[Panel]) -> str:
    """The panels side by side."""
    width = _WIDTH * len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" role="img">',
        f"<style>{_STYLE}</style>",
        f'<rect class="back" width="{width}" height="{_HEIGHT}"/>',
    ]
    for number, panel in enumerate(panels):
        parts.append(f'<g transform="translate({number * _WIDTH} 0)">')
        parts += _panel(panel)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel) -> list[str]:
    left, right, top, bottom = _LEFT, _WIDTH - _RIGHT, _TOP, _HEIGHT - _BOTTOM

    def x(value: float) -> float:
        return left + _share(value, panel.x_ticks) * (right - left)

    def y(value: float) -> float:
        return bottom - _share(value, panel.y_ticks) * (bottom - top)

    parts = [f'<text class="title" x="{left}" y="18">{escape(panel.title)}</text>']
    for tick in panel.x_ticks:
        parts.append(f'<line x1="{x(tick):.1f}" y1="{top}" x2="{x(tick):.1f}" y2="{bottom}"/>')
        parts.append(
            f'<text x="{x(tick):.1f}" y="{bottom + 16}" text-anchor="middle">{tick:g}</text>'
        )
    for tick in panel.y_ticks:
        parts.append(f'<line x1="{left}" y1="{y(tick):.1f}" x2="{right}" y2="{y(tick):.1f}"/>')
        parts.append(
            f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
    middle = (left + right) / 2
    label = escape(panel.x_label)
    parts.append(f'<text x="{middle}" y="{bottom + 36}" text-anchor="middle">{label}</text>')
    for number, line in enumerate(panel.lines):
        places = " L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in line.points)
        parts.append(f'<path d="M{places}" stroke="{line.colour}"/>')
        parts += [
            f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{line.colour}"/>'
            for a, b in line.points
        ]
        at = left + 110 * number
        parts.append(f'<circle cx="{at + 4}" cy="32" r="4" fill="{line.colour}"/>')
        parts.append(f'<text x="{at + 13}" y="36">{escape(line.name)}</text>')
    return parts


def _share(value: float, ticks: Sequence[float]) -> float:
    """How far along a logarithmic axis a value lies."""
    low, high = math.log(ticks[0]), math.log(ticks[-1])
    return (math.log(max(value, ticks[0])) - low) / (high - low)
