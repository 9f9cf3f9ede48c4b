"""Every sentence that a person reads, made in one place for screen, report and terminal.

Plain UK English, person first, rounded for people: today and the difference are rounded, and the
scenario's shown value is their sum.
"""

from __future__ import annotations

from typing import Any

SIMULATED = "Simulated people. Not clinical advice."
UNDER_ONE = "under 1"
MEDICATION = "A person on medication may be in recovery; nobody should stop it for this."
TRIALS_REACH = 3  # years
EXTRAPOLATED = "extrapolated: no randomised comparison beyond three years was found"

MEASURES = {
    "in_recovery": "In recovery",
    "deaths": "Have died",
    "deaths_overdose": "Have died of an overdose",
    "offered": "Offered an introduction",
    "connected": "Connected after care",
    "engaged": "Engaged: 8 of 13 weeks",
    "offers_not_followed": "Offers not followed",
    "ever_attended": "Ever at a meeting",
    "attending": "Going to mutual aid",
    "attending_3_months": "Going after 3 months",
    "attending_12_months": "Going after 12 months",
    "readmissions": "Further care episodes",
    "waiting": "Waiting for care",
    "gave_up_waiting": "Times waiting was given up",
    "weeks_waited": "Weeks waited an episode",
    "weeks_in_recovery": "Weeks in recovery each",
    "cost": "Cost each (pounds)",
    "cost_health_and_social_care": "… other health care (pounds)",
    "cost_society": "… crime and output (pounds)",
    "cost_in_perspective": "… all of these (pounds)",
    "life_years": "Years of life (discounted)",
    "life_years_undiscounted": "Years of life",
    "qalys": "QALYs each",
    "net_benefit_lower": "Net benefit each, lower",
    "net_benefit_upper": "Net benefit each, upper",
    "staff_hours": "Hours of staff for linking",
    "peer_hours": "Hours of peers for linking",
    "consultations_displaced": "Sessions' worth of staff time",
    "number_needed_to_link": "Offered an introduction for one more in recovery",
    "number_needed_of_the_offered": "Newly offered for one more in recovery among them",
    "number_needed_to_connect": "Newly connected for one more in recovery among them",
    "cost_per_recovery": "Cost of one more in recovery (pounds)",
    "cost_per_qaly": "Cost of one more QALY (pounds)",
}


def beside(definition: str) -> str:
    """The heading of a definition of recovery shown beside the chosen one."""
    return "… a year or more" if definition == "at_least_1_year" else "… without medication"


def whole(number: float) -> int:
    """The nearest whole number, halves away from zero, and never minus zero."""
    return int(number + 0.5) if number >= 0 else -int(-number + 0.5)


def rounded(number: float, digits: int) -> float:
    """To so many digits, halves away from zero, as every number here is rounded."""
    return whole(number * 10**digits) / 10**digits


def share(number: float | None) -> str:
    """A share as per cent: '64', '−3'; a dash where nothing is known."""
    if number is None:
        return "–"
    return str(whole(100 * number)).replace("-", "−")


PER_CENT = ("share", "share of days", "share of the effect")
POINTS = "difference of shares"
DIGITS = {"ratio": 2, "per unit": 2, "episodes": 2, "days": 0}  # of other units: 1


def _bare(number: float | None, unit: str) -> str:
    """A number in a unit, without the sign of the unit."""
    if number is None or unit in (*PER_CENT, POINTS):
        return share(number)
    digits = DIGITS.get(unit, 1)
    return f"{rounded(number, digits):,.{digits}f}".replace("-", "−")


def _sign_of(unit: str) -> str:
    return "%" if unit in PER_CENT else " points" if unit == POINTS else ""


def amount(number: float | None, unit: str) -> str:
    """A number as it is shown in its unit: '64%', '31 points', '2.84', '12.7'."""
    return _bare(number, unit) + ("" if number is None else _sign_of(unit))


def amounts(low: float | None, high: float | None, unit: str) -> str:
    """A range in a unit: '37 to 74%', '−7 to 12 points'; a dash where nothing is known."""
    if low is None or high is None:
        return "–"
    return f"{_bare(low, unit)} to {_bare(high, unit)}{_sign_of(unit)}"


def on_axis(number: float, unit: str) -> str:
    """A number beside an axis: '60' for a share of 0.6, '−5' for a difference of five points."""
    shown = 100 * number if unit in (*PER_CENT, POINTS) else number
    return f"{rounded(shown, 2):g}".replace("-", "−")


def scale(unit: str) -> str:
    """The name of an axis."""
    if unit in PER_CENT:
        return "%"
    return "points: difference of shares" if unit == POINTS else unit


def several(number: int, noun: str) -> str:
    """'1 repeat', '2,000 repeats'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def years(number: int) -> str:
    """'1 year', '5 years'."""
    return several(number, "year")


def after(year: int) -> str:
    """'after 1 year'; beyond the trials 'after 10 years (extrapolated)'."""
    return f"after {years(year)}" + (" (extrapolated)" if is_extrapolated(year) else "")


def is_extrapolated(year: int) -> bool:
    """Whether effects in a year lie beyond what randomised comparisons have followed."""
    return year > TRIALS_REACH


def year_in_a_table(year: int | None) -> str:
    """'1 ', '10*': the mark is explained under the table by `EXTRAPOLATED`."""
    return f"{year}{'*' if is_extrapolated(year or 0) else ' '}"


def simulated(number: int) -> str:
    """'1 simulated person', '2,000 simulated people'."""
    return f"{number:,} simulated {'person' if number == 1 else 'people'}"


def is_settled(low: float | None, high: float | None) -> bool:
    """Whether a range, as it is shown, leaves out zero: only then is a difference established."""
    return low is not None and high is not None and (whole(low) > 0 or whole(high) < 0)


def more_or_fewer(number: float) -> str:
    """'6 more', '3 fewer', 'no more and no fewer'."""
    rounded = whole(number)
    if rounded == 0:
        return "no more and no fewer"
    return f"{abs(rounded)} {'more' if rounded > 0 else 'fewer'}"


def signed(number: float | None, digits: int = 0) -> str:
    """'+6', '−3', '0'; a dash where nothing is known."""
    if number is None:
        return "–"
    near = rounded(number, digits)
    sign = "" if near == 0 else "+" if near > 0 else "−"
    return f"{sign}{abs(near):,.{digits}f}"


def between(low: float, high: float) -> str:
    """'from 3 fewer to 12 more', 'from 2 to 9 fewer', 'from 0 to 3 more'."""
    low, high = whole(low), whole(high)
    if low == high:
        return more_or_fewer(low)
    if low >= 0:
        return f"from {low} to {high} more"
    if high <= 0:
        return f"from {-high} to {-low} fewer"
    return f"from {-low} fewer to {high} more"


def people(number: float) -> str:
    """'6 more people', '1 fewer person'."""
    noun = "person" if abs(whole(number)) == 1 else "people"
    return f"{more_or_fewer(number)} {noun}"


def headline(
    scenario: str, baseline: str, year: int, difference: float,
    low: float | None, high: float | None, luck: tuple[float | None, float | None],
    repeats: int, clients: int, knowledge: str, meaning: str,
) -> str:  # fmt: skip
    """The one sentence: the difference, both its ranges, what it rests on, or that it is not
    settled."""
    basis = f"{several(repeats, 'repeat')} of {simulated(clients)}"
    held = "" if knowledge != "none" else ", luck alone: what is unknown is left out"
    if difference == 0 and low == 0 and high == 0:
        return (
            f"“{scenario}” and “{baseline}”: no difference in recovery shows {after(year)} "
            f"({basis}{held}); more people might show one."
        )
    if low is None or high is None:
        return (
            f"With “{scenario}”, {people(difference)} in every 1,000 in recovery "
            f"{after(year)} than with “{baseline}”, but {basis} cannot give a range: "
            "this is not an answer yet."
        )
    likely = f"likely range {between(low, high)}"
    by_luck = ""
    if knowledge != "none" and luck[0] is not None and luck[1] is not None:
        by_luck = f"luck alone {between(luck[0], luck[1])}; "
    if not is_settled(low, high):
        return (
            f"“{scenario}” against “{baseline}”: too close to call {after(year)}, "
            f"{between(low, high)} in every 1,000 in recovery. A difference is not "
            f"established: it cannot be told from zero ({by_luck}{basis}{held})."
        )
    return (
        f"With “{scenario}”, about {people(difference)} in every 1,000 in recovery "
        f"{after(year)} than with “{baseline}” ({likely}; {by_luck}{meaning}; {basis}{held})."
    )


def number_needed(
    rows: list[tuple[int, float | None, float | None, float | None]],
    reported: tuple[int, ...],
    *,
    fewer: bool,
) -> str:
    """Number needed to link in the years that have settled; `fewer` where offers were cut."""
    said = [
        f"{value:,.0f} ({low:,.0f} to {high:,.0f}) {after(year)}"
        for year, value, low, high in rows
        if value is not None and low is not None and high is not None
    ]
    what = "Extra people offered an introduction for one more in recovery"
    if fewer:
        what = "People no longer offered an introduction for one fewer in recovery"
    if not said:
        return f"{what}: cannot be told, since a difference in recovery is not established."
    rest = "; in other years it cannot be told" if len(said) < len(reported) else ""
    return f"{what}: {'; '.join(said)}{rest}."


def expectation(
    year: int, low: float, high: float,
    found: tuple[float, float, float] | None, why: str, differs: str,
) -> str:  # fmt: skip
    """What was expected before any run, beside what came out and why it differs.

    `found` is the mean difference with the ends of its likely range.
    """
    said = (
        f"Expected before any run, people in recovery in every 1,000 {after(year)}: "
        f"{signed(low)} to {signed(high)} ({why})."
    )
    reason = f" Why it differs (as run at 2,000 people and 10 years): {differs}." if differs else ""
    if found is None:
        return said + reason
    mean, lowest, highest = found
    came = f" This run: {signed(mean, 1)}, likely range {signed(lowest)} to {signed(highest)}"
    if low <= rounded(mean, 1) <= high:
        return f"{said}{came}: as expected."
    smaller = abs(mean) < min(abs(low), abs(high)) and mean * (low + high) >= 0
    verdict = "less than expected" if smaller else "other than expected"
    if whole(lowest) <= high and low <= whole(highest):
        verdict += ", though the range reaches there"
    return f"{said}{came}: {verdict}.{reason}"


def altered(settings: tuple[str, ...], *, baseline_too: bool = False) -> str:
    """What was laid over a scenario for this run, and over what it is compared with."""
    where = ", in the baseline too" if baseline_too else ""
    return f"Changed for this run{where}: {', '.join(settings)}."


def begins_too_late(key: str, week: int, years_lived: int) -> str:
    """A change that this run never reaches."""
    return f"{key} changes from week {week}, after the end of this run ({years(years_lived)})."


def basis(stamp: dict[str, Any]) -> str:
    """Version, seed, size and parameter sets, as they stand under every answer."""
    sets = several(stamp["parameter_sets"], "set")
    return (
        f"recoverysim {stamp['version']}, seed {stamp['seed']}, "
        f"{several(stamp['repeats'], 'repeat')} of {simulated(stamp['clients'])}, "
        f"knowledge: {stamp['knowledge']} ({sets}, {stamp['parameters'][:12]})."
        f"{with_plugins(stamp)}"
    )


def with_plugins(stamp: dict[str, Any]) -> str:
    """The plug-ins that were in force, as they are named under every answer; often none."""
    found = stamp.get("plugins", {})
    named = [f"{name} ({(sha256 or 'unknown')[:12]})" for name, sha256 in found.items()]
    return f" With plug-ins: {', '.join(named)}." if named else ""


def basis_of_studies(stamp: dict[str, Any]) -> str:
    """The same under studies, which have sizes of their own."""
    sets = several(stamp["parameter_sets"], "set")
    return (
        f"recoverysim {stamp['version']}, seed {stamp['seed']}, {stamp['repeats']:,} simulated "
        f"studies, knowledge: {stamp['knowledge']} ({sets}, {stamp['parameters'][:12]})."
        f"{with_plugins(stamp)}"
    )


def no_place(key: str, per_1000: float, clients: int) -> str:
    """Places that a run is too small to have a single one of."""
    return (
        f"{key} is {per_1000:g}, which makes no whole place for {simulated(clients)}: "
        f"nobody is admitted. --clients {-int(-1000 // per_1000):,} is the fewest that has one."
    )


def fitted(kinds: list[str], against: str | None = None) -> str:
    """What a scenario was fitted to, and that a comparator was not, where there is such a one."""
    said = f"Fitted to local data: {' and '.join(kinds)} (recoverysim scenarios check says how)."
    if against is None:
        return said
    return (
        f"{said} “{against}” is not fitted to the same, so part of the difference is the area "
        f"itself: compare with a scenario of the same area."
    )


def beyond_evidence(key: str, value: float, low: float, high: float, unit: str) -> str:
    """A number that a scenario sets outside the range seen."""
    return (
        f"{key} is set to {value:g}, beyond what was seen or judged ({low:g} to {high:g} {unit})."
    )


def deaths(difference: float, low: float | None, high: float | None, years_: int) -> str:
    """The sentence on deaths that goes before all others."""
    ends = "range unknown" if low is None else f"{signed(low)} to {signed(high)}"
    if low is not None and signed(low) == signed(high) == "0" and (low, high) != (0, 0):
        ends = "less than 1 either way"
    said = f"Deaths {after(years_)}: {signed(difference)} in every 1,000 ({ends})"
    return f"{said}." if is_settled(low, high) else f"{said}; a difference is not established."


def followed(people: list[tuple[int, float]]) -> str:
    """In an open system: how many are followed so long, for each reported year."""
    told = ", ".join(f"{whole(many):,} for {years(year)}" for year, many in people)
    return (
        f"People come week by week. On average so many have been followed in each repeat: {told}."
    )


def asked_alone(key: str, scenario: str) -> str:
    """Where an answer is not told at several values of a number that nobody knows."""
    return (
        f"Nobody knows {key}: `recoverysim compare {scenario}` gives the answer at several of its "
        "values."
    )


def conditional(
    key: str, why: str, years_: int,
    found: list[tuple[float, list[tuple[str, float | None, float | None, float | None]]]],
) -> list[str]:  # fmt: skip
    """An answer at several values of one number that nobody knows.

    `found` gives each value with measures, each by name, difference and range.
    """
    said = [f"At several values of {key}, which nobody knows; {after(years_)}, per 1,000:"]
    for value, measures in found:
        told = [
            f"{MEASURES[name].lower()} {signed(difference, 1)} ({signed(low)} to {signed(high)})"
            if low is not None and high is not None
            else f"{MEASURES[name].lower()} {signed(difference, 1)} (range unknown)"
            for name, difference, low, high in measures
        ]
        said.append(f"if it is {value:g}: {', '.join(told)}")
    return [*said, why] if why else said
