"""Costs and quality of life, from weeks spent in each state: prices are parameters, not history.

A cost never stands alone: it is printed beside deaths and life-years, since a death lowers cost.
Prices are in pounds of 2023/24. One that was seen in print (SEEN) is carried there from its own
year by the GDP deflator (`evidence/price_index.py`). Who pays: `wider_costs.py`.
"""

from functools import partial

from recoverysim.codes import KINDS, SUBSTANCES
from recoverysim.evidence.price_index import PRICE_YEAR, SeenPrice, in_words
from recoverysim.quantities import Quantity, by, parameters, quantity

POUNDS = f"pounds, {in_words(PRICE_YEAR)}"

# Prices hold for a whole run: they are laid over what happened when it is over.
price = partial(quantity, whole_run=True)

SEEN = {
    "costs.detox_week": SeenPrice(
        "detox-cost", 1113, 2003, "Manchester", "two weeks of direct-access detox", 1 / 2
    ),
    "costs.residential_week": SeenPrice("ukatt-units", 89, 2000, "UK", "a night", 7),
    "costs.psychosocial_week": SeenPrice(
        "ukatt-units", 28, 2000, "UK", "a consultation, taken to be one a week", 1
    ),
    "costs.staff_hour": SeenPrice(
        "ukatt-units; ukatt-session", 28, 2000, "UK", "a consultation of 50 minutes", 60 / 50
    ),
}


def seen(key: str, low: float, high: float, *also: tuple[str, str], note: str = "") -> Quantity:
    """A price of SEEN at its restated value, with the arithmetic told.

    `also` are other figures that the range rests on: their row in the register, and what they say.
    """
    found = SEEN[key]
    sources = [found.source, *(source for source, _ in also)]
    told = [found.arithmetic, *(text for _, text in also)]
    return price(
        found.restated, POUNDS, low, high, source="; ".join(sources), grade="weak",
        studied="; ".join(told), note=note,
    )  # fmt: skip


parameters(
    "costs",
    detox_week=seen(
        "costs.detox_week", 350, 2000,
        ("ukatt-units", "detox in primary care: 350 pounds an episode, 2000/01"),
    ),
    residential_week=seen(
        "costs.residential_week", 750, 1500,
        ("rehab-cost", "9,729 a placement, Scotland, 2021-24, over some nine weeks: about 1,140"),
    ),
    psychosocial_week=seen("costs.psychosocial_week", 30, 90),
    medication_week=price(65, POUNDS, 40, 100),
    introduction=by(
        KINDS,
        none=price(0, POUNDS, bounds=(0, 0), grade="design"),
        leaflet=price(0.5, POUNDS, 0.2, 1, note="beside staff time: the leaflet"),
        clinician=price(0, POUNDS, grade="design", note="beside staff time: nothing"),
        intensive=price(10, POUNDS, 0, 30, note="beside staff time: telephone, volunteers' fares"),
        peer=price(10, POUNDS, 0, 20, note="beside staff's and peers' time: fares, refreshments"),
    ),
    aftercare_week=price(
        5, POUNDS, 2, 10, note="a check-up of some 65 pounds every 13 weeks, for each person"
    ),
    recovery_housing_week=price(
        220, POUNDS, 120, 350, note="support and rent; whoever pays the rent, it is public money"
    ),
    recovery_centre_week=price(
        8, POUNDS, 3, 20, note="some 400 pounds a year for each person who visits"
    ),
    naloxone_year=price(35, POUNDS, 20, 60, note="a kit, its training and its replacement"),
    person_centred_week=price(
        12, POUNDS, 0, 30,
        note="more for each person on medication, from a punitive to a person-centred policy; the "
        "price of a week on medication is that of today's, half way",
    ),
    staff_hour=seen(
        "costs.staff_hour", 40, 85, note="of a worker who sees clients, on-costs included"
    ),
    peer_hour=price(20, POUNDS, 10, 30, note="of a paid peer; where peers are volunteers, less"),
    training_place=price(100, POUNDS, 30, 250, note="for each worker, beside their own time"),
    discount_per_year=price(0.035, "share", grade="design", note="costs and effects alike"),
)  # fmt: skip

parameters(
    "quality_of_life",
    using=by(
        SUBSTANCES,
        alcohol=price(0.75, "utility", 0.65, 0.83, bounds=(0, 1),
                      note="drinkers in the general population show no gradient (u-alc)"),
        opioids=price(
            0.60, "utility", 0.55, 0.65, source="u-opioid; u-opioid-aus", grade="moderate",
            bounds=(0, 1),
            studied="US public valuation, n=2,054; people who use regularly, Australia, n=402",
        ),
        stimulants=price(0.65, "utility", 0.55, 0.75, bounds=(0, 1)),
    ),
    abstinent=by(
        SUBSTANCES,
        alcohol=price(0.80, "utility", 0.75, 0.83, source="u-alc", grade="weak", bounds=(0, 1),
                      studied="non-drinkers in the US general population"),
        opioids=price(0.75, "utility", 0.68, 0.82, bounds=(0, 1),
                      note="without medication; taken to be as good as on medication without use"),
        stimulants=price(0.78, "utility", 0.70, 0.82, bounds=(0, 1)),
    ),
    on_medication_abstinent=price(
        0.75, "utility", 0.70, 0.80, source="u-opioid; u-oat", grade="moderate", bounds=(0, 1),
        studied="stable on buprenorphine, US public valuation: 0.77; people in long-term opioid "
        "medication treatment, Norway, whether they use or not: 0.70 to 0.73",
    ),
    on_medication_using=price(0.67, "utility", 0.60, 0.73, bounds=(0, 1)),
)  # fmt: skip
