"""The child that parses one extract: hostile bytes in, text cells out, within limits of memory and time.

`python -m prioritisation.ingest.contacts.parse FILE KIND` writes frames (`frames.py`) to its standard output:
    {"table": {sheet, headers, first_row, first_column}}, then batches of text columns c0, c1, ... (one a cell),
    {"note": [texts]} for a sheet that explains, {"names": [texts]} for the names of sheets,
    {"fault": [place, found, remedy]} for what cannot be read, and {"end": true}; without that last one, it died.
It never writes a file, and no fault holds a cell.
"""

from __future__ import annotations

import sys
from pathlib import Path

from prioritisation.confined import limit_this_process
from prioritisation.ingest import containers
from prioritisation.ingest.contacts.frames import Sender
from prioritisation.ingest.contacts.parse_text import parse_text
from prioritisation.ingest.contacts.parse_workbook import parse_workbook
from prioritisation.ingest.contacts.refused import AGAIN, Refused

SECONDS_FROM = 30
BYTES_A_SECOND = 2 * 1024**2


def parse(path: Path, kind: str, sender: Sender) -> None:
    """Send every table of the file. Refused: it cannot be read, with the reason."""
    if kind == containers.XLSX:
        parse_workbook(path, sender)
    else:
        with path.open("rb") as file:
            parse_text(file, sender)


def main(path: Path, kind: str) -> None:
    """Limit this process, then parse; what went wrong is the last frame."""
    limit_this_process(SECONDS_FROM + path.stat().st_size // BYTES_A_SECOND)
    sender = Sender(sys.stdout.buffer)
    try:
        parse(path, kind, sender)
    except Refused as refusal:
        sender.send({"fault": [refusal.place, refusal.found, refusal.remedy]})
    except MemoryError:
        sender.send({"fault": ["", "reading it takes more memory than an extract ever needs.", AGAIN]})
    sender.send({"end": True})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
