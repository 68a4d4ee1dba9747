"""Which files are new, which are known already, and which earlier extracts they take out."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from prioritisation.errors import Fault, UserError
from prioritisation.ingest.contacts.check import CheckedFile
from prioritisation.ingest.contacts.offered import Request
from prioritisation.ingest.contacts.people import Before, NewExtract, StoredExtract, content_of, rows_covered
from prioritisation.ingest.faults import NOT_DONE

ROWS_WORTH_A_QUESTION = 20


def sorted_out(
    files: Sequence[CheckedFile],
    stored: Sequence[StoredExtract],
    request: Request,
    before: Before,
    memory: duckdb.DuckDBPyConnection,
) -> tuple[list[NewExtract], dict[int, int]]:
    """Return the new extracts, and which files are known already (number -> extract). UserError: what is not meant."""
    contents = {each.number: content_of(each.number, memory) for each in files}
    by_content = {each.content: each.extract_id for each in stored}
    known = {number: by_content[content] for number, content in contents.items() if content in by_content}
    new = [each for each in files if each.number not in known]
    taken_out = _taken_out(new, stored, request.replaces)
    following = max((each.extract_id for each in stored), default=0) + 1
    made = [
        NewExtract(following + place, each, contents[each.number], tuple(taken_out.get(each.number, ())))
        for place, each in enumerate(new)
    ]
    _question_small_ones(made, before)
    return made, known


def _taken_out(
    new: Sequence[CheckedFile], stored: Sequence[StoredExtract], replaces: Sequence[int]
) -> dict[int, list[int]]:
    """Return which extracts each new file takes out as a whole, as --replaces states. UserError: it cannot.

    They are dealt to the new files of their partner in turn; all together they take out all that is stated.
    """
    partners = {each.extract_id: each.partner for each in stored}
    found: dict[int, list[int]] = {}
    for extract_id in dict.fromkeys(replaces):
        own = [each.number for each in new if each.partner == partners.get(extract_id)]
        if not own:
            raise UserError(
                f"Extract {extract_id} is not in the restricted store, or no new file here comes from its partner.",
                not_done=NOT_DONE,
                remedy="`prioritisation extracts` lists what is there; name extracts of the partners of the new files.",
            )
        found.setdefault(min(own, key=lambda number: len(found.get(number, ()))), []).append(extract_id)
    return found


def _question_small_ones(new: Sequence[NewExtract], before: Before) -> None:
    """A file that would replace many rows by few is rather a late part than a correction. UserError: then."""
    if before.people is None:
        return
    covered = rows_covered(before.people, new)
    faults = [
        Fault(
            each.file.label,
            "it covers services and months that are in the store already, with fewer than half of the rows.",
            "If it is a late part, ask for the whole months again. If the rows are to go, state which extract it "
            f"replaces: {' '.join(f'--replaces {number}' for number in sorted(covered[each.extract_id][1]))}.",
        )
        for each in new
        if not each.takes_out
        and covered[each.extract_id][0] >= ROWS_WORTH_A_QUESTION
        and 2 * each.file.rows < covered[each.extract_id][0]
    ]
    if faults:
        raise UserError(
            "A file would replace much more than it brings.",
            faults=faults,
            not_done=NOT_DONE,
            remedy="See what is named above; `prioritisation extracts` lists what is in the store.",
        )
