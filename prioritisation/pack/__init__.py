"""What leaves the product as files: tables as CSV, and the pack, one zip that its receiver can check.

Build a pack with `building.decision_pack` or `building.scenario_pack`; check one with `checking.check_pack`.
"""

from prioritisation.pack.tables import FORMULA_STARTS, csv_bytes, csv_text, ranked_list

__all__ = ["FORMULA_STARTS", "csv_bytes", "csv_text", "ranked_list"]
