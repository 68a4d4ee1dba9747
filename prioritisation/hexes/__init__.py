"""The hex cartogram: one equal hexagon for each area, localities whole, neighbours kept near."""

from prioritisation.hexes.layout import HexLayout, hex_layout, hex_paths

__all__ = ["HexLayout", "hex_layout", "hex_paths"]
