"""The words of a pack: what it is, what was decided, how to read it and how to check it."""

from __future__ import annotations

from collections.abc import Collection

from prioritisation import __version__
from prioritisation.pack.content import Content
from prioritisation.words import method_words, weight_words
from prioritisation.workspace.records import day_and_time

MEANING_OF_STATUS = (
    "An indicator's value is reported, zero, suppressed (few people, hidden by its source; not nobody) or missing."
)
FILES = {
    "README.txt": "this text",
    "briefing.pdf": "the decision for people who were not in the room; begin here",
    "briefing.html": "the same for a browser; needs no network",
    "shortlist.xlsx": "the ranked list; change a weight in it and it recomputes",
    "shortlist.csv": "every area by rank, with the agreed list, the reasons and how sure each place is",
    "values.csv": "what the ranks were worked out from",
    "cohorts.csv": "published counts of groups of people, for the council and its localities; never people",
    "community.csv": "what people know of these places, as accepted by then; beside the numbers, in no score",
    "areas.geojson": "the areas for web maps, outlines simplified to 5 metres",
    "areas.gpkg": "the areas, the localities and the patch for GIS, outlines as published",
    "datapackage.json": "the tables described for programs (Data Package, version 2)",
    "verify.py": "checks this pack with Python alone",
    "manifest.json": "choices, data, decision and a SHA-256 of every file",
    "checksums.sha256": "the same sums as `sha256sum --check` reads them",
    "manifest.sig": "signature of manifest.json (Ed25519)",
}


def is_long(words: str, most: int) -> bool:
    """Return whether a text has more letters than there is room for."""
    return len(" ".join(words.split())) > most


def shortened(words: str, most: int) -> str:
    """Return a text on one line; of one of more letters its beginning, up to a blank."""
    line = " ".join(words.split())
    return f"{line[:most].rsplit(' ', 1)[0]}\N{HORIZONTAL ELLIPSIS}" if is_long(words, most) else line


def read_me(content: Content) -> list[tuple[str, str]]:
    """Return lines of two parts: what, and the words about it."""
    release, framework, stamp = content.ranking.release, content.scenario.framework, content.ranking.stamp()
    lines = [("", content.title)]
    if content.note:
        lines.append(("Note", f"{content.note}. Use it to learn the product, never to decide."))
    lines.append(("What it is", content.state))
    lines += _decided(content)
    placeholder = " (placeholder: the partnership's own priorities are still to be named)"
    status = placeholder if framework.status == "placeholder" else ""
    weights = zip(framework.priorities, content.scenario.percentages, strict=True)
    normalise = framework.normalise
    how = method_words(normalise.method, framework.aggregate, framework.reference, normalise.rank_offset)
    lines += [
        ("Framework", f"{framework.name}{status}"),
        ("Weights", "; ".join(f"{each.name} {weight_words(share)}%" for each, share in weights)),
        ("Method", how),
        ("List", f"{framework.cut} areas; all that tie at the last place are on it"),
        ("Score and rank", "Scores run from 0 to 100, higher is greater need; rank 1 is the greatest need."),
        ("Not scored", "An area without a score on a priority that counts has no score and no rank, and says so."),
        ("Values", MEANING_OF_STATUS),
        ("How sure", "Words and shares are of the weights as exported; they do not follow the yellow cells."),
        ("Scenario", stamp["scenario"]),
        ("Data release", f"{release.id}, built {release.built_at}"),
        ("Made by", f"prioritisation {__version__}"),
        ("Use until", content.expires),
    ]
    return lines


def read_me_text(content: Content, files: Collection[str]) -> bytes:
    """Return README.txt: the same lines, the files, and how to check them. files: names of all in the pack."""
    lines = [_line(what, words) if what else f"{words}\n{'=' * len(words)}" for what, words in read_me(content)]
    lines += ["", "Files"]
    lines += [f"  {name:<18} {words}" for name, words in FILES.items() if name in files]
    lines += [
        "",
        "To check it: unpack the zip, and in its folder run `python -I verify.py` (Python 3.9 or newer, nothing else).",
        "`prioritisation verify PACK.zip` checks the signature and the decision log as well.",
        "",
        "Sources",
        *(f"  {line}" for line in dict.fromkeys(content.sources["attribution"]) if line),
        "",
    ]
    return "\r\n".join("\n".join(lines).split("\n")).encode("utf-8")


def _beside(content: Content) -> list[tuple[str, str]]:
    """Return what was agreed with the list: its patch, and the cohorts that the team supports first."""
    patch, names = content.patch, "; ".join(content.cohort_names)
    told = (" ".join(patch.sentences) or patch.words) if patch else ""
    first = f"{names} (whom the team supports first)" if names else ""
    return [("Patch", told or _absent(content, "patch")), ("Cohorts", first or _absent(content, "cohorts"))]


def _absent(content: Content, what: str) -> str:
    """Return why nothing can be told of what may have been agreed with the list."""
    unread = "agreed with it, but this version cannot read how it was recorded"
    return unread if content.also.get(what) else "none was agreed with it"


def _line(what: str, words: str) -> str:
    """Return a line; what people typed on several lines is indented, so that none of it begins a line of ours."""
    return "\n    ".join(f"{what}: {words}".splitlines())


def _decided(content: Content) -> list[tuple[str, str]]:
    if content.decision is None:
        return [("Warning", "Nobody has agreed this list: it is what the arithmetic gives for these weights.")]
    found, decision = content.decision, content.decision.decision
    lines = [
        ("Decision", f"{decision.id}, agreed {day_and_time(decision.at)} by {decision.who.described}"),
        ("State of", f"{day_and_time(found.latest.at)} (record {found.latest.id})"),
    ]
    lines += [("Reason", decision.reason)] if decision.reason else []
    for each in found.sign_offs:
        which = "" if each.of_this_list else ", for the list before its last change"
        note = f". Note: {each.record.reason}" if each.record.reason else ""
        lines.append(("Signed off", f"{each.record.who.described}, {day_and_time(each.record.at)}{which}{note}"))
    if not found.sign_offs:
        lines.append(("Signed off", "by nobody yet"))
    lines += _beside(content)
    for change in found.overrides:
        details = change.details
        what, when = f"{details['do']} {details['name']}", f"review on {details['review_on']}"
        lines.append(("Override", f"{what}: {change.reason} ({when}; {change.who.described})"))
    return lines
