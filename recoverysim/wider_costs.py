"""Who is counted: perspective, price year, what a QALY may cost; and costs outside care.

By default only the public purse of care and linking is counted. What other health and social care,
and crime and lost output, cost by week of use is known so badly that it has to be asked for, and is
told beside the rest, each on a line of its own.
"""

from recoverysim.codes import SUBSTANCES
from recoverysim.costs import POUNDS, price
from recoverysim.evidence.price_index import FIRST_YEAR, LAST_YEAR, PRICE_YEAR, SeenPrice
from recoverysim.quantities import CODE, by, parameters

CARE_AND_LINKING, HEALTH_AND_SOCIAL_CARE, SOCIETY = 0, 1, 2
PERSPECTIVES = (
    "the public purse of care and linking",
    "care, linking, and other health and social care",
    "care, linking, other health and social care, crime and lost output",
)

BEFORE = SeenPrice(
    "ukatt-use", 1077, 2000, "UK", "health and social care in the six months before treatment",
    1 / 26,
)  # fmt: skip
AFTER = SeenPrice(
    "ukatt-use",
    873,
    2000,
    "UK",
    "the same in six months up to a year after treatment began",
    1 / 26,
)
SEEN_OUTSIDE = {
    "wider_costs.alcohol.health_week_using": BEFORE,
    "wider_costs.alcohol.health_week_abstinent": AFTER,
}

parameters(
    "appraisal",
    perspective=price(
        CARE_AND_LINKING, CODE, bounds=(CARE_AND_LINKING, SOCIETY), grade="design",
        note="0 care and linking; 1 also other health and social care; 2 also crime and output",
    ),
    price_year=price(
        PRICE_YEAR, CODE, bounds=(FIRST_YEAR, LAST_YEAR), grade="design",
        note="all costs are told in pounds of the financial year that begins in this year",
    ),
    lower_threshold=price(
        20_000, "pounds per QALY", grade="design",
        note="the lower end of what the NHS in England has been advised to pay; not restated",
    ),
    upper_threshold=price(
        30_000, "pounds per QALY", grade="design", note="the upper end of the same; not restated"
    ),
)  # fmt: skip

NOT_OURS = "taken from people with alcohol problems: for others no figure by week was found"

parameters(
    "wider_costs",
    health_week_using=by(
        SUBSTANCES,
        alcohol=price(
            BEFORE.restated, POUNDS, 40, 130, source=BEFORE.source, grade="weak",
            studied=BEFORE.arithmetic,
            note="people seek help when things are at their worst, so this overstates",
        ),
        opioids=price(BEFORE.restated, POUNDS, 20, 200, note=NOT_OURS),
        stimulants=price(BEFORE.restated, POUNDS, 20, 200, note=NOT_OURS),
    ),
    health_week_abstinent=by(
        SUBSTANCES,
        alcohol=price(
            AFTER.restated, POUNDS, 30, 110, source=AFTER.source, grade="weak",
            studied=AFTER.arithmetic,
            note="of everybody a year later, whether they drink or not, so this overstates too",
        ),
        opioids=price(AFTER.restated, POUNDS, 20, 160, note=NOT_OURS),
        stimulants=price(AFTER.restated, POUNDS, 20, 160, note=NOT_OURS),
    ),
    society_week_using=by(
        SUBSTANCES,
        alcohol=price(
            30, POUNDS, 0, 200,
            note="crime and lost output, more than of the same person without use; courts alone "
            "fell by about 6 pounds of 2023/24 a week after treatment (ukatt-use)",
        ),
        opioids=price(
            300, POUNDS, 0, 1_400,
            note="the same. An average of 850 pounds of 2003/04 a week for each whose "
            "use is a problem (ho-class-a) is mostly crime by a few; how much of it use causes is "
            "unknown",
        ),
        stimulants=price(100, POUNDS, 0, 1_000, note="the same"),
    ),
)  # fmt: skip
