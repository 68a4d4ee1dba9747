"""How often invented residents meet each service: every rate chosen for the demonstration, in one place.

The levels are round numbers of our own, of the size that published Scottish statistics suggest, but lower for the
busiest services (an A&E department sees a fifth of all residents in a year), so that some 13,000 of 110,000 residents
are known to a partner within 12 months.
"""

from __future__ import annotations

from dataclasses import dataclass

NEEDS = ("money", "home", "mind", "substances", "harm", "family", "frailty")
"""Hidden needs of a person; all lean on one common need, so that troubles come together."""
COMMON_NEED = 0.75
"""Correlation of any two needs: about what makes people with one disadvantage often have the others."""
AREA_INDICATORS = {
    "money": ("Income_rate", "Employment_rate"),
    "home": ("Income_rate", "overcrowded_rate"),
    "mind": ("DEPRESS", "Income_rate"),
    "substances": ("ALCOHOL", "DRUG"),
    "harm": ("crime_rate", "Income_rate"),
    "family": ("Income_rate", "not_participating"),
    "frailty": ("CIF", "EMERG"),
}
"""Indicators of the demonstration that say how strong a need is in an area."""
AGE_CURVES: dict[str, dict[float, float]] = {
    "all": {0: 1.3, 5: 0.7, 18: 1.2, 40: 0.9, 70: 1.1, 90: 2.2},
    "illness": {0: 1.5, 5: 0.5, 18: 0.7, 45: 0.9, 65: 1.7, 80: 4.0, 90: 6.0},
    "adult": {15: 0, 16: 0.8, 24: 1.5, 40: 1.3, 60: 0.7, 75: 0.3, 90: 0.15},
    "young": {11: 0, 12: 0.6, 17: 2.0, 25: 1.6, 45: 0.9, 65: 0.25, 90: 0.05},
    "child": {0: 1.4, 5: 1.0, 15.99: 1.0, 16: 0},
    "older": {17: 0, 18: 0.03, 60: 0.25, 70: 0.9, 80: 2.6, 90: 5.5},
}
"""Relative rate by age, linear between the ages named and level beyond them."""


@dataclass(frozen=True)
class Rate:
    """One service: how many people in a year, who they are, how long it lasts, how often, what it costs.

    per_thousand: people in contact within 12 months, of 1,000 residents of all ages; area: strength of the area's
    indicators, spread: of the person's own need (both on the logarithm of the rate); women: rate of women over rate of
    men; months: mean length of an episode; contacts: mean contacts in a month of it; cost: pounds a contact.
    """

    service: str
    per_thousand: float
    ages: str
    need: str
    area: float
    spread: float
    women: float
    months: float
    contacts: float
    cost: float
    reason: str


# Columns as in Rate: service, per_thousand, ages, need, area, spread, women, months, contacts, cost, reason.
_TABLE = """
housing_application        6 adult   home       0.40 1.6 1.2 1.5 1.1    0 waiting lists move slowly: few contacts
homelessness_application   8 adult   home       0.55 2.4 0.8   3 1.6    0 about the Scottish level
rent_arrears               9 adult   money      0.60 1.7 1.3   3 1.2    0 a quarter of tenants fall behind
council_tax_arrears       10 adult   money      0.45 1.4 1.0   2 1.0    0 the commonest debt, mostly letters
crisis_grant              11 adult   money      0.65 2.1 1.0   1 1.3    0 many come again within the year
childrens_social_work      6 child   family     0.60 2.2 1.0   9 2.0    0 some 3% of children, over many months
adult_social_work          8 older   frailty    0.20 1.4 1.2   4 1.3   95 mostly older people's assessments
community_mental_health    9 adult   mind       0.40 2.1 1.3   7 1.8  110 severe illness only
alcohol_drug_recovery      5 adult   substances 0.55 2.6 0.5   9 2.4   85 weekly at first, for months
home_care                  8 older   frailty    0.15 1.4 1.5  12 1.0  640 one contact a month, as the contract says
community_alarm            8 older   frailty    0.10 1.0 1.6   2 1.3   15 a contact is a call that was answered
district_nursing           7 older   frailty    0.20 1.6 1.2   4 3.5   45 short spells of several visits a month
ae_attendance             22 all     mind       0.30 1.6 1.0   1 1.1  180 a tenth of the real level, see above
emergency_admission       16 illness frailty    0.30 1.7 1.0   1 1.1 2600 a fifth of the real level, ages as real
out_of_hours               8 illness frailty    0.20 1.3 1.2   1 1.1   90 a tenth of the real level
psychiatric_admission    1.6 adult   mind       0.50 2.8 0.9   1 1.0 9800 rare, costly; many come back
adult_concern              9 adult   mind       0.50 2.5 1.0   1 1.3    0 the commonest police report on need
child_concern              4 child   family     0.60 2.4 1.0   1 1.3    0 some 2% of children in a year
domestic_abuse_incident    6 young   harm       0.45 2.4 4.0   1 1.4    0 four in five victims are women
missing_person           1.2 young   family     0.45 2.8 1.0   1 1.5    0 rare; a few young people very often
victim                     4 young   harm       0.40 1.6 0.9   1 1.1    0 violence and the like, not all crime
custody                    6 young   harm       0.60 2.8 0.2   1 1.3    0 mostly young men, a few of them often
home_fire_visit            5 older   frailty    0.20 0.9 1.1   1 1.0    0 a programme that seeks older people
fire_incident            0.6 all     home       0.40 1.4 0.8   1 1.0    0 fires in homes are rare
fire_risk_group            2 older   substances 0.35 2.1 0.8   1 1.0    0 those whom crews know to be at high risk
advice                    10 adult   money      0.45 1.8 1.2   2 1.6    0 debt and benefits, some visits a case
food                       8 adult   money      0.65 2.4 0.9   3 1.9    0 some 3% of households, a third often
befriending                2 older   frailty    0.10 1.4 1.9   9 3.6    0 weekly and long, for few
addiction_support          2 adult   substances 0.50 2.8 0.6   6 2.6    0 overlaps with alcohol and drug recovery
"""


def _rate(line: str) -> Rate:
    service, per_thousand, ages, need, *numbers, reason = line.split(maxsplit=10)
    area, spread, women, months, contacts, cost = map(float, numbers)
    return Rate(service, float(per_thousand), ages, need, area, spread, women, months, contacts, cost, reason)


RATES = tuple(_rate(line) for line in _TABLE.strip().splitlines())


@dataclass(frozen=True)
class Stated:
    """A flag that a partner states of its own accord on contacts with a service, by the person's need.

    share: of those in contact who get it, chiefly those with the strongest need.
    """

    service: str
    flag: str
    need: str
    share: float
    reason: str


STATED = (
    Stated("ae_attendance", "substances", "substances", 0.10, "staff note alcohol or drugs in about one in ten"),
    Stated("ae_attendance", "mental_health", "mind", 0.07, "self-harm and crisis"),
    Stated("adult_concern", "mental_health", "mind", 0.45, "most concerns are about mental health or distress"),
    Stated("adult_concern", "substances", "substances", 0.25, "the next commonest reason"),
    Stated("custody", "substances", "substances", 0.35, "asked of everyone on arrival"),
    Stated("homelessness_application", "domestic_abuse", "harm", 0.15, "a reason for applying on the HL1 form"),
    Stated("homelessness_application", "mental_health", "mind", 0.25, "a support need on the HL1 form"),
    Stated("childrens_social_work", "domestic_abuse", "harm", 0.25, "a concern recorded at case conferences"),
    Stated("adult_social_work", "carer", "family", 0.15, "a carer's own support plan"),
    Stated("adult_social_work", "disability", "frailty", 0.40, "what most assessments are about, with age"),
    Stated("home_care", "disability", "frailty", 0.50, "the commonest reason for care at home besides age"),
    Stated("advice", "carer", "family", 0.06, "carers who ask about money"),
    Stated("alcohol_drug_recovery", "justice", "harm", 0.20, "a treatment order of the court"),
)

CONTACTS_SPREAD = 1.8
"""Spread between people in contacts per month (logarithm): with episodes, it makes a few percent have half of all."""
HARD_TIMES, HARD_MONTHS = 0.65, 9
"""Share of a person's episodes that fall into one hard time, and its length either side of the middle (months)."""
LINKED = 0.7
"""Share of residents for whom a linker gave all partners the same key; those of no fixed abode are rarer (half)."""
MOVE_AWAY, MOVE_WITHIN = 0.040, 0.055
"""Shares of residents in a year: who leave the council (as many arrive), who move house inside it."""
NO_FIXED_ABODE = 0.22
"""Share of homelessness episodes with a spell of no fixed abode: sofas, hostels, the street."""
WITHHELD = 0.06
"""Share of victims of domestic abuse whose address is protected from then on."""
NOT_KNOWN = 0.004
"""Share of people whose date of birth, or whose sex, a partner has not recorded."""
