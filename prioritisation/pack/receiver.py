"""Check a shortlist pack on any computer with Python 3.9 or newer: nothing else is needed, and nothing is changed.

    python -I verify.py              the folder that this file was unpacked into
    python -I verify.py PACK.zip     a pack that is still zipped

It compares every file with the pack's own list, then works out scores and ranks again from values.csv and the weights
in manifest.json. It prints PASS, or what differs. Files that were all changed together to fit each other show only by
the signature and the audit log: `prioritisation verify` checks those.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

MANIFEST, CHECKSUMS, SIGNATURE = "manifest.json", "checksums.sha256", "manifest.sig"
SHORTLIST, VALUES = "shortlist.csv", "values.csv"
FORMAT = 1
SAME_SCORE_WITHIN = 1e-9
LOGARITHM_WITHIN = 1e-12
TIES_PER_POINT = 1e9
GEOMETRIC_FLOORS_SCORES_AT = 1.0
MOST_SHOWN = 20
Row = dict[str, str]
DAMAGED = (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, RecursionError, csv.Error)


def check(read: Callable[[str], bytes], names: Sequence[str]) -> list[str]:
    """Return what differs, in plain sentences; nothing when the pack is whole.

    read: file name -> its bytes, OSError when absent; names: of all files there, with repeats.
    """
    faults = [f"{name} is there more than once." for name in sorted({n for n in names if names.count(n) > 1})]
    contents = {}
    for name in sorted(set(names)):
        try:
            contents[name] = read(name)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError, zlib.error):
            faults.append(f"{name} cannot be read: it is damaged.")
    try:
        manifest = json.loads(contents[MANIFEST].decode("utf-8"))
        listed = {str(entry["path"]): (entry["sha256"], entry["bytes"]) for entry in manifest["files"]}
        if manifest["format"] != FORMAT:
            return [*faults, "The pack was written by another version, which this check does not know."]
    except DAMAGED:
        return [*faults, f"{MANIFEST} is absent or damaged: nothing can be compared."]
    faults += _file_faults(contents, listed, manifest)
    try:
        faults += _score_faults(manifest, _rows(contents[SHORTLIST]), _rows(contents[VALUES]))
    except DAMAGED:
        faults.append("Scores and ranks cannot be worked out again: a file is absent or damaged.")
    return faults


def checksums(contents: Mapping[str, bytes]) -> bytes:
    """Return the text of checksums.sha256 for every file but itself, as sha256sum reads it."""
    lines = [f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents)]
    return "".join(lines).encode("utf-8")


def _file_faults(
    contents: Mapping[str, bytes], listed: Mapping[str, tuple[str, int]], manifest: Mapping[str, Any]
) -> list[str]:
    expected = {*listed, MANIFEST, CHECKSUMS} | ({SIGNATURE} if manifest.get("signed_by") else set())
    faults = [f"{name} is missing." for name in sorted(expected - set(contents))]
    faults += [f"{name} does not belong to the pack." for name in sorted(set(contents) - expected)]
    for name in sorted(set(listed) & set(contents)):
        digest, size = listed[name]
        if (hashlib.sha256(contents[name]).hexdigest(), len(contents[name])) != (digest, size):
            faults.append(f"{name} is not the file that was packed.")
    rest = {name: content for name, content in contents.items() if name in expected and name != CHECKSUMS}
    if contents.get(CHECKSUMS) != checksums(rest):
        faults.append(f"{CHECKSUMS} does not fit the files: one of them, or the list itself, was changed.")
    return faults


def _score_faults(manifest: Mapping[str, Any], shortlist: Sequence[Row], values: Sequence[Row]) -> list[str]:
    """Work out every score and rank as the product does, and compare them with the list."""
    weights, geometric = manifest["weights"], manifest["aggregate"] == "geometric"
    total = 0.0
    for each in weights:
        total += each["percentage"]
    faults = [
        f"The weight of {each['name']} is not its share of all weights."
        for each in weights
        if each["share"] != each["percentage"] / total
    ]
    sums = {row["id"]: _weighted_sum(row, weights, geometric, faults) for row in values}
    ranks = _ranks(sums)
    if sorted(sums) != sorted(row["id"] for row in shortlist):
        faults.append(f"{SHORTLIST} and {VALUES} are not about the same areas.")
        return faults
    for row in shortlist:
        found = sums[row["id"]]
        score = math.exp(found) if geometric and found is not None else found
        faults += _row_faults(row, score, ranks[row["id"]], manifest["cut"])
    order = [(int(row["rank"]) if row["rank"] else math.inf, row["id"]) for row in shortlist]
    if order != sorted(order):
        faults.append(f"{SHORTLIST} is not in the order of the ranks.")
    faults += [*_agreed_faults(manifest, shortlist), *_patch_faults(manifest, shortlist)]
    return [*faults, *_same_scores(shortlist, values, weights)]


def _row_faults(row: Row, score: float | None, rank: int | None, cut: int) -> Iterator[str]:
    named = float(row["score"]) if row["score"] else None
    same = named is score if named is None or score is None else abs(named - score) <= SAME_SCORE_WITHIN
    if not same:
        yield f"The score of {row['id']} is {row['score'] or 'empty'}, and the values give {score}."
    if row["rank"] != ("" if rank is None else str(rank)):
        yield f"The rank of {row['id']} is {row['rank'] or 'empty'}, and the values give {rank}."
    if row["computed_list"] != ("yes" if rank is not None and rank <= cut else "no"):
        yield f"{row['id']} is wrongly shown as on or off the computed list."


def _same_scores(
    shortlist: Sequence[Row], values: Sequence[Row], weights: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    by_code = {row["id"]: row for row in values}
    for row in shortlist:
        for each in weights:
            if row[each["id"]] != by_code[row["id"]]["score_" + each["id"]]:
                yield f"The score of {row['id']} on {each['name']} differs between the files."


def _agreed_faults(manifest: Mapping[str, Any], shortlist: Sequence[Row]) -> Iterator[str]:
    """Compare the agreed places in the list with those in the manifest."""
    placed = {int(row["agreed_position"]): row["id"] for row in shortlist if row["agreed_position"]}
    agreed = (manifest["decision"] or {}).get("agreed", [])
    if [placed.get(place) for place in range(1, len(placed) + 1)] != agreed:
        yield f"The agreed list in {SHORTLIST} is not the one in {MANIFEST}."


def _patch_faults(manifest: Mapping[str, Any], shortlist: Sequence[Row]) -> Iterator[str]:
    """Compare the areas of the patch in the list with those in the manifest; packs of before had none."""
    patch = (manifest["decision"] or {}).get("patch") or {}
    if sorted(patch.get("areas", [])) != sorted(row["id"] for row in shortlist if row.get("patch") == "yes"):
        yield f"The patch in {SHORTLIST} is not the one in {MANIFEST}."


def _weighted_sum(row: Row, weights: Sequence[Mapping[str, Any]], geometric: bool, faults: list[str]) -> float | None:
    """Return the sum in the order of the priorities, one product and one addition at a time; None = not scored."""
    total = 0.0
    for each in weights:
        if each["share"] == 0:
            continue
        text = row["score_" + each["id"]]
        if not text:
            return None
        term = float(text)
        if geometric:
            logarithm = float(row["log_" + each["id"]])
            if abs(logarithm - math.log(max(term, GEOMETRIC_FLOORS_SCORES_AT))) > LOGARITHM_WITHIN:
                faults.append(f"The logarithm of {row['id']} on {each['name']} is not that of its score.")
            term = logarithm
        total += each["share"] * term
    return total


def _ranks(sums: Mapping[str, float | None]) -> dict[str, int | None]:
    """Return ranks by area, 1 the highest; two sums tie when floor(sum * 1e9 + 0.5) is equal; None = not scored."""
    keys = {code: math.floor(total * TIES_PER_POINT + 0.5) for code, total in sums.items() if total is not None}
    first: dict[int, int] = {}
    for place, key in enumerate(sorted(keys.values(), reverse=True), start=1):
        first.setdefault(key, place)
    return {code: first[keys[code]] if code in keys else None for code in sums}


def _rows(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def _folder(path: Path) -> tuple[Callable[[str], bytes], list[str], list[str]]:
    """Return a reader, the pack's files in a folder, and the names of other files that lie there."""
    there = {each.name for each in path.iterdir() if each.is_file()}

    def read(name: str) -> bytes:
        return (path / name).read_bytes()

    try:
        manifest = _manifest(read)
        ours = {entry["path"] for entry in manifest["files"]} | {MANIFEST, CHECKSUMS}
        ours |= {SIGNATURE} if manifest.get("signed_by") else set()
    except DAMAGED:
        ours = there
    return read, sorted(ours & there), sorted(there - ours)


def main(arguments: Sequence[str]) -> int:
    """Check what the command line names and return 0 for PASS, 1 for anything else."""
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    others: list[str] = []
    try:
        if path.is_dir():
            read, names, others = _folder(path)
            faults, manifest = check(read, names), _manifest(read)
        else:
            with zipfile.ZipFile(str(path)) as pack:
                faults, manifest = check(pack.read, pack.namelist()), _manifest(pack.read)
    except (OSError, zipfile.BadZipFile, ValueError):
        print(f"FAIL: {path} is not there, or is no pack.")
        return 1
    for name in others:
        print(f"Not part of the pack, and not looked at: {name}")
    for line in report(faults, manifest):
        print(line)
    return 1 if faults else 0


def report(faults: Sequence[str], manifest: Mapping[str, Any]) -> list[str]:
    """Return what people read: PASS and what the pack is, or FAIL and what differs."""
    if faults:
        head, lines = "FAIL: this is not the pack that was made.", list(faults[:MOST_SHOWN])
        lines += [f"And {len(faults) - MOST_SHOWN} more."] if len(faults) > MOST_SHOWN else []
    else:
        head = "PASS: every file is as it was packed, and the values give the same scores and ranks."
        lines = [str(manifest.get(name) or "") for name in ("title", "state", "note")]
        lines.append(f"Use until {manifest.get('expires')}.")
    return [head, *(f"  {_printable(line)}" for line in lines if line)]


def _printable(text: str) -> str:
    """Keep what a strange pack holds from steering the screen that it is shown on."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _manifest(read: Callable[[str], bytes]) -> Mapping[str, Any]:
    try:
        found = json.loads(read(MANIFEST).decode("utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, zipfile.BadZipFile, zlib.error, *DAMAGED):
        return {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
