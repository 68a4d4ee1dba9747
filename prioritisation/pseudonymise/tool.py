"""The partner's command: options in, a keyed extract out, refusals in three parts. Standard library, Python 3.9."""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from prioritisation.pseudonymise.keying import Keyed, Order, pseudonymise
from prioritisation.pseudonymise.keys import key_check, new_key, read_key
from prioritisation.pseudonymise.postcodes import read_postcodes
from prioritisation.pseudonymise.present import present_keys
from prioritisation.pseudonymise.raw import NOT_DONE
from prioritisation.pseudonymise.rules import Refusal, Rules
from prioritisation.pseudonymise.words import OwnWords, read_words

REFUSED, MISUSED = 1, 2
_EXAMPLE = """Examples:
  {program} --new-key project.key
  {program} extract.csv --key-file project.key --key-id project-2026 \\
      --postcodes postcodes.csv --partner council --kind partner_reference
  {program} --present people.csv --key-file project.key --key-id project-2026 --partner nhs

The extract is CSV in UTF-8 with a header row: identifier, postcode (or data_zone, "no fixed abode", "withheld"),
date_of_birth or age, sex, service, contact_date; and, where there are any, contacts, flags, cost.
Identifiers become keyed codes, postcodes data zones, dates months and ages bands; nothing else leaves.

For a referral list, --present takes a CSV with an identifier column of the people whom you know at present. It writes
their keys, to be sent, and which key is whom: that file never leaves, and tells whom the returned list is about."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse wrong options in three parts; their values are not repeated."""
        what = message.split(":")[0] if "argument" in message else "an option is missing or not known"
        print(Refusal(f"The command cannot be read: {what}.", NOT_DONE, f"See {self.prog} --help."), file=sys.stderr)
        sys.exit(MISUSED)


def main(arguments: Sequence[str], rules: Rules, program: str = "pseudonymise.py") -> int:
    """Do what the options say; return 0, or 1 after a refusal on stderr (2 for options that cannot be read)."""
    options = _parser(program, rules).parse_args(arguments)
    try:
        _run(options, rules)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
    except Exception as fault:  # noqa: BLE001 - the last line: its text may hold a cell, so only its kind is told
        print(_unforeseen(fault), file=sys.stderr)
    else:
        return 0
    return REFUSED


def _parser(program: str, rules: Rules) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=program,
        description="Turn a partner's extract into keyed, banded rows that may leave the partner.",
        epilog=_EXAMPLE.format(program=program),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("extract", nargs="?", type=Path, metavar="EXTRACT", help="the partner's own table, CSV in UTF-8")
    add("--key-file", type=Path, metavar="FILE", help="the project key (never send it with the data)")
    add("--key-id", metavar="ID", help="the name of that key, such as project-2026")
    add("--partner", metavar="ID", help=", ".join(rules.partners))
    add(
        "--kind",
        default="chi",
        metavar="ID",
        help=f"what identifies people: {', '.join(rules.key_kinds)} (default: chi)",
    )
    add(
        "--postcodes",
        type=Path,
        metavar="FILE",
        help="CSV of postcodes and data zones; not needed where areas are data zones",
    )
    add("--vintage", choices=("2011", "2022"), help="which data zones, where the postcodes file has both")
    add("--service", metavar="ID", help="the service of the whole file, where it has no column for it")
    add("--map", type=Path, metavar="FILE", help="your own names of columns, services and flags, as JSON (or TOML)")
    add("--drop", action="append", default=[], metavar="COLUMN", help="leave out this column; may be repeated")
    add("--leave-out-faulty", action="store_true", help="write the good rows and say how many others there were")
    add("--out", type=Path, metavar="FILE", help="where to write (default: beside the extract)")
    add("--present", action="store_true", help="EXTRACT lists the people whom you know at present; write their keys")
    add("--new-key", type=Path, metavar="FILE", help="make a new project key and do nothing else")
    return parser


def _run(options: argparse.Namespace, rules: Rules) -> None:
    if options.new_key is not None:
        print(f"Wrote a new key. Its check: {key_check(new_key(options.new_key))}", file=sys.stderr)
        return
    lacking = [
        f"--{name.replace('_', '-')}" for name in ("key_file", "key_id", "partner") if getattr(options, name) is None
    ]
    if options.extract is None or lacking:
        found = f"Lacking: {', '.join(['EXTRACT'] * (options.extract is None) + lacking)}."
        raise Refusal(found, NOT_DONE, "Add what is lacking; --help shows an example.")
    key = read_key(options.key_file)
    order = Order(
        partner=options.partner,
        key=key,
        key_id=options.key_id,
        kind=options.kind,
        zones=read_postcodes(options.postcodes, options.vintage) if options.postcodes else None,
        words=read_words(options.map) if options.map else OwnWords(),
        service=options.service,
        dropped=tuple(options.drop),
        leave_out_faulty=options.leave_out_faulty,
    )
    if options.present:
        _write_present(options, rules, order)
        return
    keyed = pseudonymise(options.extract, rules, order, date.today())
    out = options.out or options.extract.parent / file_name(order, keyed)
    _refuse_own_files(out, [options.extract, options.key_file, options.postcodes, options.map])
    write(keyed, out)
    print(_summary(keyed, order, out, rules), file=sys.stderr)


def _write_present(options: argparse.Namespace, rules: Rules, order: Order) -> None:
    """Write the keys to send, and beside them the table that stays."""
    present = present_keys(options.extract, rules, order)
    stem = f"{order.partner}-{order.kind}".replace("_", "-")
    out = options.out or options.extract.parent / f"{stem}-present-keys.csv"
    stays = out.with_name(f"KEEP-HERE-{out.stem}-who-is-who.csv")
    for path in (out, stays):
        _refuse_own_files(path, [options.extract, options.key_file, options.map])
    write(present.stays, stays)
    write(present.sent, out)
    print(f"Wrote {len(present.sent.rows):,} keys to {out}: send this file alone.", file=sys.stderr)
    print(f"Wrote which key is whom to {stays}: it holds identifiers and never leaves.", file=sys.stderr)
    if present.sent.left_out:
        print(f"Left out {_rows(present.sent.left_out.rows)} with faults:", file=sys.stderr)
        for detail in present.sent.left_out.details:
            print(f"  - {detail}", file=sys.stderr)


def file_name(order: Order, keyed: Keyed) -> str:
    """Return a name for the keyed extract that says whose it is and of when."""
    return f"{order.partner}-{order.kind}-{keyed.months[0]}-to-{keyed.months[1]}.csv".replace("_", "-")


def _refuse_own_files(out: Path, read: Sequence[Path | None]) -> None:
    if any(path is not None and path.resolve() == out.resolve() for path in read):
        raise Refusal("--out names a file that this command reads.", NOT_DONE, "Choose another name.")


def write(keyed: Keyed, out: Path) -> None:
    """Write the keyed rows as CSV, readable by the owner only: the whole file or none."""
    aside = None
    try:
        handle, aside = tempfile.mkstemp(prefix=".keyed-", dir=out.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(keyed.columns)
            writer.writerows(keyed.rows)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(out)
    except OSError as fault:
        raise Refusal(
            f"The keyed extract cannot be written ({fault.strerror}).", NOT_DONE, "Choose another --out."
        ) from fault
    finally:
        if aside is not None:
            Path(aside).unlink(missing_ok=True)


def _summary(keyed: Keyed, order: Order, out: Path, rules: Rules) -> str:
    lines = [
        f"Read {keyed.rows_read:,} rows, wrote {len(keyed.rows):,} ({keyed.months[0]} to {keyed.months[1]}) to {out}",
        *_added_up(keyed),
        f"Key check: {key_check(order.key)} (the same for all partners of the project). Contract: {rules.version}",
    ]
    if keyed.left_out:
        lines.append(f"Left out {_rows(keyed.left_out.rows)} with faults:")
        lines += [f"  - {detail}" for detail in keyed.left_out.details]
    return "\n".join(lines)


def _added_up(keyed: Keyed) -> list[str]:
    """Say where the other rows are: one person's with one service in one month became one."""
    others = keyed.rows_read - keyed.left_out.rows - len(keyed.rows)
    if not others:
        return []
    return [
        f"{_rows(others)} added to another of the same person, service and month (and area, age band, sex and flags): "
        "contacts and cost are summed, none is lost."
    ]


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _unforeseen(fault: Exception) -> Refusal:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    line = trace.tb_lineno if trace else 0
    found = f"Something went wrong that this tool did not foresee: {type(fault).__name__} (line {line})."
    return Refusal(found, NOT_DONE, "Send this message, never the extract, to whoever gave you the tool.")
