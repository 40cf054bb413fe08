"""Colours, for a light and a dark background. No meaning hangs on colour alone."""

from __future__ import annotations

from collections.abc import Callable

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "quiet": "#5d6773",
    "edge": "#7a8491",
    "frame": "#f4f6f8",
    "frame-line": "#c3cad2",
    "operation": "#ffffff",
    "operation-line": "#6b7683",
    "badge": "#e9edf2",
    "input": "#e3f0fd",
    "input-line": "#2a6fb5",
    "parameter": "#fdf0dc",
    "parameter-line": "#a8670a",
    "constant": "#ffffff",
    "constant-line": "#8b95a1",
    "group": "#eeeafb",
    "group-line": "#6a55b8",
    "more": "#ffffff",
    "more-line": "#8b95a1",
    "grad": "#0b7a53",
    "mark": "#c2255c",
}

DARK = {
    "paper": "#14181d",
    "ink": "#eef1f4",
    "quiet": "#a3adb8",
    "edge": "#8a95a2",
    "frame": "#1b2128",
    "frame-line": "#3d4753",
    "operation": "#20262e",
    "operation-line": "#8c97a4",
    "badge": "#303944",
    "input": "#15304b",
    "input-line": "#6cb2f4",
    "parameter": "#3b2b10",
    "parameter-line": "#e9ae52",
    "constant": "#14181d",
    "constant-line": "#7d8894",
    "group": "#2b2547",
    "group-line": "#ab9bf0",
    "more": "#14181d",
    "more-line": "#7d8894",
    "grad": "#4fd1a0",
    "mark": "#ff7aa8",
}

THEMES = ("auto", "light", "dark")


def palette(theme: str) -> dict[str, str]:
    """The colours for a format that has one set only; auto is light there."""
    return DARK if theme == "dark" else LIGHT


def controls(theme: str) -> str:
    """The style rule for scroll bars and sliders of a page."""
    return f":root{{color-scheme:{'light dark' if theme == 'auto' else theme}}}"


def scheme(colour_rules: Callable[[dict[str, str]], str], theme: str) -> str:
    """Style rules made for one set of colours, or for both by the reader's setting if auto.

    The colours are written out, because some SVG viewers know no CSS variables.
    """
    if theme != "auto":
        return colour_rules(palette(theme))
    dark = f"@media (prefers-color-scheme:dark){{{colour_rules(DARK)}}}"
    return colour_rules(LIGHT) + dark
