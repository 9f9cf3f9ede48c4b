"""Costs and quality of life, from weeks spent in each state: prices are parameters, not history.

A cost never stands alone: it is printed beside deaths, since a death lowers cost. Perspective: the
public purse for care and linkage only. Discounted at 3.5% a year, both costs and effects.
"""

from functools import partial

from recoverysim.codes import KINDS, SUBSTANCES
from recoverysim.quantities import by, parameters, quantity

POUNDS = "pounds, 2023/24"

# Prices hold for a whole run: they are laid over what happened when it is over.
price = partial(quantity, whole_run=True)

parameters(
    "costs",
    detox_week=price(
        1000, POUNDS, 350, 2000, source="detox-cost; ukatt-units", grade="weak",
        studied="1,113 pounds for two weeks of direct-access detox, Manchester 2003/04, inflated "
        "by about 1.8; primary-care detox 350 pounds, 2000/01, inflated by about 2",
    ),
    residential_week=price(
        1050, POUNDS, 750, 1500, source="rehab-cost; ukatt-units", grade="weak",
        studied="9,729 pounds a placement in Scotland, 2021-24, over some nine weeks; 89 pounds a "
        "night, UK 2000/01, inflated by about 2",
    ),
    psychosocial_week=price(
        55, POUNDS, 30, 90, source="ukatt-units", grade="weak",
        studied="28 pounds a consultation, 2000/01, about one a week; inflated by about 2",
    ),
    medication_week=price(65, POUNDS, 40, 100),
    introduction=by(
        KINDS,
        none=price(0, POUNDS, bounds=(0, 0), grade="design"),
        leaflet=price(1, POUNDS, 0.5, 3),
        clinician=price(15, POUNDS, 8, 30),
        intensive=price(180, POUNDS, 90, 300),
        peer=price(40, POUNDS, 20, 80),
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
    discount_per_year=price(0.035, "share", grade="design"),
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
