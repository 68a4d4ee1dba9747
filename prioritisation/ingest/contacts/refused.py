"""What parsing refuses, in words for the user that never hold a cell; and what both kinds of file share."""

from __future__ import annotations

COLUMNS_UP_TO = 40
ROWS_UP_TO = 50_000_000
BLOCK = 4 * 1024**2
PLAIN = "Fill in the blank template with values only, and save it as XLSX or as CSV UTF-8."
AGAIN = "Ask the partner to save and send it again."
UTF8 = "Open it in a spreadsheet and save it again as 'CSV UTF-8 (comma delimited)'."


class Refused(Exception):
    """The file cannot be read as an extract. place: row or sheet, or empty."""

    def __init__(self, found: str, remedy: str, place: str = "") -> None:
        super().__init__(found)
        self.place, self.found, self.remedy = place, found, remedy


def check_width(width: int, place: str) -> None:
    if width > COLUMNS_UP_TO:
        raise Refused(f"it has {width:,} columns; an extract has 12.", PLAIN, place)
