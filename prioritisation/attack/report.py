"""The audit in words, for somebody who governs information; and in a few words, for the release's own facts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from prioritisation.attack.audit import Audit, Finding
from prioritisation.disclosure.policy import Policy

HOW = """\
## How to read this

An attacker is taken to know everything about the method: the list of breakdowns, the thresholds, the rounding, how
areas, ages, sexes, services, needs and partners hang together, and which suppressed counts are small. Each published
count of people stands for the numbers that round to it; a suppressed one for 0 to {most}, unless it was hidden only to
protect another, which nothing tells.

- **Linear programmes.** All of that is one system of constraints. For each suppressed count two possible worlds are
  sought that satisfy all of it: one in which the count is nobody, and one in which it is 5 or more. Where there are
  none, the count is given away, and the release must not be published.
- **Base counts** are people of one small area, age, sex and at most one service, need or partner: none may be known
  exactly if it is under 10.
- **Pairs of questions.** The attacker knows all about a resident but one need, and asks the application pairs of
  questions that differ by where that resident lives. Whether each resident has the need is decided by a coin, so half
  right is what guessing gives.
- **Two releases.** The same, for a resident who is new: the attacker compares what was published before and after.
- **Insiders** know their own partner's people and counts exactly. No other partner's suppressed count may be known to
  them exactly, or be known to be at least 1.
- **Controls** are weak releases that the same attack must break. If it does not, the audit itself is broken and fails.
"""


def text_report(audit: Audit, policy: Policy, *, title: str, day: date) -> str:
    """Return the report as Markdown that reads as plain text."""
    verdict = "passed" if audit.passed else "failed"
    lines = [f"# {title}", "", f"{day.isoformat()}. The audit **{verdict}**.", "", *_failures(audit), "## Results", ""]
    for control in (False, True):
        lines += [line for finding in audit.findings if finding.control is control for line in _lines(finding)]
    lines += ["", HOW.format(most=policy.suppressed[1]), "## Thresholds in force", "", *_thresholds(policy), ""]
    return "\n".join(lines)


def summary(audit: Audit, day: date) -> dict[str, str]:
    """Return audited_at and audit (JSON) for the release's facts: how often each attack met its target."""
    said: dict[str, dict[str, object]] = {}
    for finding in audit.findings:
        entry = said.setdefault(finding.name, {"target": finding.target, "tried": 0, "passed": 0, "results": []})
        entry["tried"] = int(str(entry["tried"])) + 1
        entry["passed"] = int(str(entry["passed"])) + int(finding.passed)
        entry["results"] = [*_strings(entry["results"]), finding.result]
    return {
        "audited_at": day.isoformat(),
        "audit": json.dumps({"passed": audit.passed, "attacks": said}, sort_keys=True),
    }


def _strings(values: object) -> Iterable[str]:
    return [str(each) for each in values] if isinstance(values, list) else []


def _failures(audit: Audit) -> list[str]:
    if audit.passed:
        return []
    broken = [] if audit.controls_hold else ["A control did not break its weak release: the audit proves nothing.", ""]
    return [*broken, "These counts must not be published as they are.", ""]


def _lines(finding: Finding) -> list[str]:
    mark = "Passed" if finding.passed else "FAILED"
    return [
        f"- **{mark}: {finding.name}**",
        f"  - Result: {finding.result}. Target: {finding.target}.",
        f"  - Tried on: {finding.tried}.",
    ]


def _thresholds(policy: Policy) -> list[str]:
    return [
        f"- Counts under {policy.suppress_counts_under} people are suppressed, nobody included.",
        f"- Other counts are rounded to the nearest {policy.round_to_nearest}.",
        f"- Counts out of fewer than {policy.suppress_denominators_under} people, or that leave fewer than "
        f"{policy.suppress_counts_under} out, are suppressed.",
        f"- A count stays as it was while fewer than {policy.hold_changes_under} people joined or left it.",
        f"- Contacts are rounded to the nearest {policy.round_contacts_to_nearest}, and suppressed where two people "
        f"have more than {policy.top_two_share_at_most:.0%} of them.",
    ]
