"""The plot of the README: the cost of each peer as a multiple of kling-auth's, as one SVG.

Without a plotting library: bars need none, and its plots would not follow the reader's dark mode.
"""

import math
from html import escape

WIDTH, LEFT, RIGHT, BAR, GAP = 860, 250, 130, 16, 6

# A panel: title, language, what.
PANELS = (
    ("Rust: mint a token", "rust", "mint"),
    ("Python: mint a token", "python", "mint"),
    ("Python: drop-in jwt.encode", "python", "encode"),
    ("Python: import and one token, CPU", "python", "start"),
    ("Node: mint a token", "node", "mint"),
    ("Node: drop-in jwt.sign", "node", "sign"),
    ("Node: import and one token, CPU", "node", "start"),
    ("Python: installed size", "python", "size"),
    ("Node: installed size", "node", "size"),
)

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; } .small { font-size: 11px; fill: #59636e; }
.ours { fill: #0969da; } .peer { fill: #afb8c1; } .grid { stroke: #d1d9e0; }
.spread { stroke: #1f2328; stroke-opacity: .6; } .ground { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .small { fill: #9198a1; }
  .ours { fill: #58a6ff; } .peer { fill: #57606a; } .grid { stroke: #30363d; }
  .spread { stroke: #f0f6fc; } .ground { fill: #0d1117; }
}"""


def drawn(result: "dict") -> str:
    machine, lines = result["machine"], result["lines"]
    shapes, top = [], 70
    for title, language, what in PANELS:
        held = [line for line in lines if (line["language"], line["what"]) == (language, what)]
        held = [line for line in held if line["who"] not in ("before", "empty program", "python")]
        if held:
            panel, top = panel_of(title, held, top)
            shapes += panel
    notes = (
        f"{machine['cpu']}, {machine['cores']} cores, "
        f"{'with' if machine['sha_instructions'] else 'without'} SHA instructions; "
        f"{machine['os']}; {machine['date']}, commit {machine['commit']}",
        f"Rust {machine['rust']}: {versions(machine, 'rust')}",
        f"CPython {machine['python']}: {versions(machine, 'python')}",
        f"Node {machine['node']}: {versions(machine, 'node')}",
    )
    for line in notes:
        shapes.append(text(16, top, line, "small"))
        top += 16
    head = (
        text(16, 26, "kling-auth compared with other libraries: less is better", "title"),
        text(
            16,
            46,
            "Logarithmic; medians with quartiles, measured in turn in one run; × = as many "
            "times kling-auth’s",
            "small",
        ),
    )
    body = "\n".join(
        [f'<rect class="ground" width="{WIDTH}" height="{top}" rx="6"/>', *head, *shapes]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" '
        f'viewBox="0 0 {WIDTH} {top}" role="img" aria-label="kling-auth compared with other libraries">\n'
        f"<style>{STYLE}\n</style>\n{body}\n</svg>\n"
    )


def versions(machine: "dict", language: str) -> str:
    return ", ".join(f"{name} {version}" for name, version in machine["peers"][language].items())


def panel_of(title: str, lines: "list[dict]", top: int) -> "tuple[list[str], int]":
    lines = sorted(lines, key=lambda line: line["median"])
    ours = next(line["median"] for line in lines if line["who"] == "kling-auth")
    # Because of noise, the result for very small costs can be negative.
    least = max(min(line["median"] for line in lines), 1e-3)
    low, high = math.floor(math.log10(least) - 0.3), math.log10(lines[-1]["median"])
    scale = (WIDTH - LEFT - RIGHT) / max(high - low, 0.5)

    def across(value: float) -> float:
        return LEFT + max(0.0, math.log10(max(value, 1e-9)) - low) * scale

    shapes = [text(16, top + 4, title, "title")]
    top += 14
    bottom = top + len(lines) * (BAR + GAP)
    for power in range(low, math.ceil(high) + 1):
        if (at := LEFT + (power - low) * scale) <= WIDTH - RIGHT:
            shapes.append(f'<path class="grid" d="M{at:.1f} {top}V{bottom}"/>')
    for line in lines:
        middle = top + BAR / 2
        kind = "ours" if line["who"].startswith("kling-auth") else "peer"
        first, third = map(across, line["quartiles"])
        end = across(line["median"])
        ratio = (
            ""
            if kind == "ours" or line["median"] <= 0 or ours <= 0
            else f" · {times(line['median'] / ours)} ×"
        )
        shapes += [
            text(LEFT - 8, middle + 4, line["who"], anchor="end"),
            f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{max(end - LEFT, 1):.1f}" '
            f'height="{BAR}" rx="2"/>',
            f'<path class="spread" d="M{first:.1f} {middle}H{third:.1f}"/>',
            text(max(end, third) + 6, middle + 4, amount(line) + ratio),
        ]
        top += BAR + GAP
    return shapes, top + 24


def times(ratio: float) -> str:
    """Three digits; from 100 on without decimals."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def amount(line: "dict") -> str:
    value, unit = line["median"], line["unit"]
    if value <= 0:
        return "below the noise"
    if unit == "ns" and value >= 1000:
        value, unit = value / 1000, "µs"
    return f"{value:.3g} {unit}"


def text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(content)}</text>'
