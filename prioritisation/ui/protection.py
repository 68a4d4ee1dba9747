"""How people are protected, in plain words and with the numbers of the policy in force."""

from __future__ import annotations

from collections.abc import Iterator

from prioritisation.disclosure.policy import Policy, load_policy
from prioritisation.ui.cohorts.cube import facts_of
from prioritisation.ui.cohorts.words import HIDDEN
from prioritisation.ui.markup import join, show, tag
from prioritisation.ui.session import View


def protection(view: View) -> None:
    """Show what may be known of people here, what may not, and why."""
    policy = load_policy(view.store.folder.catalogue)
    show(
        tag(
            "p",
            "Partners hold data about people's contacts with services. What you see here are counts of people, never "
            "people. These rules hold for every count on every page and in every file; a partnership may tighten "
            "them, and looser ones are refused.",
            class_="reading",
        ),
        *[join(tag("h2", name), tag("p", said, class_="reading")) for name, said in rules_of(policy)],
    )
    counted = facts_of(view).get("policy_hash", policy.hash)
    if counted != policy.hash:
        told = f"The release on screen was counted under other rules ({counted}); these hold from the next import on."
        show(tag("p", told, class_="muted"))


def rules_of(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each rule by name, with its numbers."""
    few, whole = policy.suppress_counts_under, policy.suppress_denominators_under
    shown = policy.round_to_nearest * (1 + 2 * few // policy.round_to_nearest)
    low, high = policy.interval(shown)
    yield (
        "No people here",
        "Partners replace names and numbers by keyed codes before anything leaves them. On the secure side the codes "
        "become counts. The app never opens the file that holds them: it has the counts, and open data.",
    )
    yield (
        "Threshold",
        f"A count under {few} people is {HIDDEN}, nobody included, so that 0 and {few - 1} look the same. "
        f"So is every count out of fewer than {whole} people.",
    )
    yield (
        "Nearly all",
        f"A count that leaves out fewer than {few} of the people it is out of is {HIDDEN} too: it would tell of nearly "
        "each of them.",
    )
    yield (
        "Rounding",
        f"Other counts are rounded to the nearest {policy.round_to_nearest}: {shown} stands for {low} to {high}. "
        f"Contacts are rounded to the nearest {policy.round_contacts_to_nearest}, and {HIDDEN} where two people make "
        f"up more than {policy.top_two_share_at_most:.0%} of them.",
    )
    yield (
        "Hold",
        f"A count keeps its last published value while fewer than {policy.hold_changes_under} people have joined or "
        "left it. Else the difference between two releases could tell who is new.",
    )
    yield (
        "Hiding others",
        f"Where a {HIDDEN} count could be worked out from the rest, as a total less its parts, more counts are "
        f"{HIDDEN} until it cannot. A breakdown that would still give something away is left out.",
    )
    yield (
        "Attack",
        f"Before counts are published, a programme that knows the whole method tries to work out what is {HIDDEN}: as "
        "anybody could, and as somebody at each partner, who knows its own people. If it succeeds, nothing is "
        "published. Only invented people may be published without it. The page Data says when it was done.",
    )
    yield (
        f"What a {HIDDEN} count may be",
        f"0 to {policy.suppressed[1]} people; more where it is {HIDDEN} because it is nearly everybody, or for others' "
        "sake. The range beside it is what the published counts allow, so it tells nothing new. It is never taken for "
        f"zero: in a score, areas with a {HIDDEN} count tie with each other at the lower end.",
    )
    yield (
        "Who can see what",
        "Everybody who may open a page sees the same counts; no role sees them more exactly, and none sees people. "
        "Those who vote see the Vote page alone. Only whoever imports on the secure side handles extracts. Referral "
        "lists are made there too, and each partner gets its own codes only.",
    )
    yield (
        "How long",
        "Extracts have a retention date; then their people are removed on the secure side. Published counts stay.",
    )
