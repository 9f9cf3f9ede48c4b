"""Costs and quality of life, from weeks spent in each state: prices are parameters, not history.

A cost never stands alone: it is printed beside deaths, since a death lowers cost. Perspective: the
public purse for care and linkage only. Discounted at 3.5% a year, both costs and effects.
"""

from functools import partial

from recoverysim.codes import KINDS, SUBSTANCES
from recoverysim.quantities import by, parameters, quantity

POUNDS = "pounds, 2023/24"

# Prices hold for a whole run: they are laid over what happened when it is over.
price = partial(quantity, shape=True)

parameters(
    "costs",
    detox_week=price(
        1000, POUNDS, 500, 2000, source="detox-cost", grade="weak",
        studied="1,113 pounds a course, Manchester 2003/04; inflated by about 1.8",
    ),
    residential_week=price(
        810, POUNDS, 600, 1100, source="rehab-cost", grade="moderate",
        studied="9,729 pounds a placement in Scotland, 2021-24, over 12 weeks",
    ),
    psychosocial_week=price(
        55, POUNDS, 30, 90, source="ukatt-units", grade="weak",
        studied="28 pounds a consultation, 2000/01, about one a week; inflated by about 2",
    ),
    medication_week=price(65, POUNDS, 40, 100),
    introduction=by(
        KINDS,
        none=price(0, POUNDS),
        leaflet=price(1, POUNDS, 0.5, 3),
        clinician=price(15, POUNDS, 8, 30),
        intensive=price(180, POUNDS, 90, 300),
        peer=price(40, POUNDS, 20, 80),
    ),
    discount_per_year=price(0.035, "share", grade="design"),
)  # fmt: skip

parameters(
    "quality_of_life",
    using=by(
        SUBSTANCES,
        alcohol=price(0.70, "utility", 0.60, 0.80, bounds=(0, 1)),
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
                         studied="US general population by AUDIT-C: no meaningful gradient"),
        opioids=price(0.77, "utility", 0.70, 0.80, source="u-opioid", grade="weak",
                         bounds=(0, 1), studied="stable on buprenorphine, US public valuation"),
        stimulants=price(0.78, "utility", 0.70, 0.82, bounds=(0, 1)),
    ),
    on_medication=price(
        0.71, "utility", 0.66, 0.77, source="u-oat; u-opioid", grade="moderate", bounds=(0, 1),
        studied="people in long-term opioid medication treatment, Norway, n=609",
    ),
)  # fmt: skip
