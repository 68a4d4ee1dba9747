"""The hex cartogram: one equal hexagon for each area, localities whole, neighbours kept near."""
