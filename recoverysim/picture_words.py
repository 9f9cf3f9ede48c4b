"""What pictures say: short sentences for everybody, kept in one place."""

from __future__ import annotations

from typing import Any

from recoverysim import words
from recoverysim.shown import Answer, Standing

EACH_DOT = "Each dot is 5 people in every 1,000."
IN_RECOVERY = "in recovery"
GOES, GOES_NOT = "goes to mutual aid", "does not"

# Places on the way, in its order, and how the line calls them, with trains and plainly.
PLACES = ("off", "waiting", "taxi", "station", "platform", "train", "arrived")
ON_THE_LINE = {
    "waiting": ("Waiting", "for care"),
    "taxi": ("Taxi", "detox"),
    "station": ("Ride", "treatment"),
    "platform": ("Edinburgh", "platform"),
    "arrived": ("London", "arrived"),
}
PLAINLY = {
    "waiting": ("Waiting", "for care"),
    "taxi": ("In", "detox"),
    "station": ("In", "treatment"),
    "platform": ("Not using,", "not yet", "for long"),
    "arrived": ("Five years", "or more"),
}
OFF = {False: "off the train", True: "using again"}
BACK = {False: "can board again", True: "can come back"}
ON_THE_TRAIN = {False: "on the train", True: "in recovery, up to five years"}
ARRIVED = {False: "arrived", True: "5 years or more"}
# Miles from Edinburgh on the East Coast Main Line (393 to King's Cross), stretched to 400.
STATIONS = (("Berwick", 58.5), ("Newcastle", 126.6), ("York", 208.2), ("Peterborough", 322.3))


def ranges(stamp: dict[str, Any]) -> str:
    """What the ranges of an answer hold."""
    if stamp["knowledge"] == "none":
        return "Likely range (95%): luck alone. What is not known is left out."
    return "Likely range (95%): luck, and what is not known. Luck alone is narrower."


def under(answer: Answer) -> tuple[str, ...]:
    """What stands under every picture of an answer."""
    quick = ("A quick look from few people: the exact answer may differ.",) if answer.quick else ()
    return (*quick, ranges(answer.stamp), simulated(answer.basis))


def simulated(basis: str) -> str:
    """That nobody was observed, and what made it."""
    return f"Simulated, not observed: {basis} {words.SIMULATED}"


def per_1000(number: float) -> str:
    """'72', '1,000', 'under 1': people in every 1,000."""
    if 0 < number < 0.5:
        return words.UNDER_ONE
    return f"{words.whole(number):,}"


def name(world: int, given: str) -> str:
    """How a world is called on a picture."""
    return "Today" if world == 0 else given


def line_title(year: int, plain: bool) -> str:
    """Over the line."""
    if plain:
        return f"Where 1,000 people are {words.after(year)}"
    return f"Edinburgh to London: where 1,000 people are {words.after(year)}"


def line_subtitle(meaning: str, plain: bool) -> str:
    """What being on the train means."""
    if plain:
        return f"{EACH_DOT} In recovery: {meaning}."
    return f"{EACH_DOT} On the train: {meaning}. London is five years away."


def heading(in_recovery: float) -> str:
    """Beside the name of a world."""
    return f"{per_1000(in_recovery)} in every 1,000 in recovery"


def where(called: str, in_recovery: float, died: float, standing: Standing, plain: bool) -> str:
    """One world's line as a sentence. What is on the train is the rest of who is in recovery."""
    arrived = words.whole(standing.arrived.all)
    train = max(0, words.whole(in_recovery) - arrived)
    care = words.whole(standing.waiting.all + standing.taxi.all + standing.station.all)
    platform, off = words.whole(standing.platform.all), words.whole(standing.off.all)
    dead = words.whole(died)
    have_died = f"{dead} {'has' if dead == 1 else 'have'} died"
    if plain:
        return (
            f"{called}: of every 1,000 people, {words.whole(in_recovery)} are in recovery, "
            f"{arrived} of them for five years or more. {care} are waiting or in care, "
            f"{platform} are not using but not yet for long, {off} are using. {have_died}."
        )
    return (
        f"{called}: of every 1,000 people, {train} are on the train and {arrived} have reached "
        f"London. {care} are waiting or in care, {platform} are on the platform, "
        f"{off} are off the train and can board again. {have_died}."
    )


# --- curves, why, cost, company, months -----------------------------------------------------

PER_1000 = "in every 1,000 people"
YEARS_AXIS = "years since starting"
BEYOND = "extrapolated"
CURVES_SUBTITLE = (
    "Line: the mean. Darker band: luck alone. Lighter band: luck and what is not known."
)
LUCK_SUBTITLE = "Line: the mean. Band: luck alone; what is not known is left out."
ONE_BY_ONE = (
    "Each range is of one world by itself. Worlds share their luck: the range of the difference "
    "is another, and stands in the sentence."
)
WHY_TITLE = "Why it changes"
WHY_SUBTITLE = "Each number is measured in the run."
STEPS = {
    "offered": ("offered a link", "of every 1,000 people"),
    "attending": ("go to mutual aid", "of every 1,000 people"),
    "company": ("of their company is in recovery", "on average"),
    "time_off_the_train": ("of their time is off the train", "on average"),
}
COST_SUBTITLE = "Dot: the change from today. Line: its likely range. Read all three together."
COST_PANELS = {
    "deaths": ("Deaths", "in every 1,000 people"),
    "life_years": ("Years of life", "in every 1,000 people"),
    "cost": ("Cost to services", "pounds for each person"),
}
TOO_CLOSE = "too close to call"
NO_RANGE = "range unknown"
NETWORK_TITLE = "Who knows whom"
NETWORK_SUBTITLE = "Simulated people, at the same place in each picture. A line joins two who meet."
NETWORK_KEY = ("in recovery, goes to mutual aid", "in recovery", "not in recovery, goes",
               "not in recovery")  # fmt: skip
MONTHS_SUBTITLE = "Of every 1,000 people who started. The gap on top: people who have died."
PLACES_SHORT = {
    "waiting": "Waiting",
    "taxi": "Detox",
    "station": "Treatment",
    "platform": "Not using, not yet for long",
    "off": "Using",
    "train": "In recovery",
    "arrived": "Five years or more",
}
NOBODY = "Nobody to show."


def curves_title(measure: str) -> str:
    """Over curves."""
    return f"{words.MEASURES.get(measure, measure)}, {PER_1000}"


def curves_subtitle(luck_alone: bool, bars: bool) -> str:
    """What lines and ranges are."""
    if bars:
        held = "luck alone" if luck_alone else "luck and what is not known; thick: luck alone"
        return f"Line: the mean. Bars at the end: {held}."
    return LUCK_SUBTITLE if luck_alone else CURVES_SUBTITLE


def curve_ends(measure: str, ends: list[tuple[str, float]], year: int) -> str:
    """Where curves end: 'In recovery after 10 years, in every 1,000 people: today 318, …'."""
    told = ", ".join(f"{called} {per_1000(number)}" for called, number in ends)
    return f"{words.MEASURES.get(measure, measure)} {words.after(year)}, {PER_1000}: {told}."


def amount(number: float, unit: str, digits: int) -> str:
    """'150', '21.4%'."""
    said = f"{words.rounded(number, digits):,.{digits}f}".replace("-", "−")
    return said + ("%" if unit == "%" else "")


def step(name: str) -> tuple[str, str]:
    """What a link of the chain counts, and of what."""
    return STEPS.get(name, (name.replace("_", " "), ""))


def why_line(called: tuple[str, ...], name: str, shown: tuple[str, ...]) -> str:
    """One link in words: 'today 150, peer-introduction 450 offered a link'."""
    what, of = step(name)
    told = ", ".join(f"{one} {number}" for one, number in zip(called, shown))
    return f"{what} {of}: {told}."


def change(number: float, measure: str, digits: int) -> str:
    """'+£42', '−0.9', '0.0'."""
    said = words.signed(number, digits)
    if measure != "cost":
        return said
    return f"{said[0]}£{said[1:]}" if said[0] in "+−" else f"£{said}"


def range_of(low: float | None, high: float | None, measure: str, digits: int) -> str:
    """'from −£11 to +£77'."""
    if low is None or high is None:
        return NO_RANGE
    return f"{change(low, measure, digits)} to {change(high, measure, digits)}"


def cost_title(year: int) -> str:
    """Over cost beside lives."""
    return f"Cost beside lives, {words.after(year)}"


def network_line(called: str, shown: int, recovering: int, going: int) -> str:
    """One world's network in words."""
    return (
        f"{called}: of {shown} people shown, {recovering} are in recovery, "
        f"{going} go to mutual aid."
    )


def network_died(many: list[int]) -> str:
    """Those who are not shown."""
    return f"People who have died are not shown ({', '.join(map(str, many))})."


def months_title(called: str) -> str:
    """Over where people are month by month."""
    return f"Where people are, month by month: {called}"


def flows_title(called: str) -> str:
    """Over flows."""
    return f"How people move between places: {called}"


def stood(year: str, numbers: dict[str, float], died: float) -> str:
    """A moment in words."""
    told = ", ".join(
        f"{PLACES_SHORT[place].lower()} {per_1000(number)}"
        for place, number in numbers.items() if number > 0
    )  # fmt: skip
    return f"{year}: {told}. {per_1000(died)} have died."


def month(number: int) -> str:
    """'After 10 years', 'After 18 months'."""
    if number % 12 == 0:
        return f"After {words.years(number // 12)}"
    return f"After {words.several(number, 'month')}"


def at_year(year: int) -> str:
    """Under a column: 'start', '1 year'."""
    return "start" if year == 0 else words.years(year)


# --- what an answer hangs on, and what matters most -------------------------------------------

SWITCHED_SUBTITLE = "Dot: how many more are in recovery with the change. Line: its likely range."
SWITCHED_AXIS = "more people in recovery in every 1,000 than today"
MATTERS_SUBTITLE = (
    "The answer where a number is low (circle) and where it is high (diamond), the others as they "
    "come."
)
LUCK_AND_KNOWLEDGE = "Likely range (95%): luck, and what is not known."
LEFT_OUT = (
    "Per cent: how much of what is not known goes with this number. What only shows where two "
    "numbers change together is left out."
)
MAY_BE_CHANCE = "may be chance"
ROWS_TOLD = 5


def switched_title(called: str, year: int) -> str:
    """Over what an answer hangs on."""
    return f"{called}: with parts of the model switched off, {words.after(year)}"


def first_rows(rows: list[tuple[str, str]]) -> str:
    """The first rows in words: what each is called, and what it says."""
    told = " ".join(f"{called}: {said}." for called, said in rows[:ROWS_TOLD])
    left = len(rows) - ROWS_TOLD
    return told + (f" {words.several(left, 'row')} more in the table." if left > 0 else "")


def switched_numbers(difference: float, low: float | None, high: float | None) -> str:
    """'+7 (−2 to +15), too close to call'."""
    if low is None or high is None:
        return f"{words.signed(difference)}, {NO_RANGE}"
    close = "" if words.is_settled(low, high) else f", {TOO_CLOSE}"
    if difference == low == high == 0:
        return "0, no difference at all"
    return f"{words.signed(difference)} ({words.signed(low)} to {words.signed(high)}){close}"


def matters_title(called: str, year: int) -> str:
    """Over what matters most."""
    return f"{called}: what matters most of what is not known, {words.after(year)}"


def matters_numbers(low: float, high: float, share: str, above_chance: bool) -> str:
    """'+4.8 where low, +12.2 where high; goes with 34% (16 to 52)'."""
    said = f"{words.signed(low, 1)} where low, {words.signed(high, 1)} where high"
    if not above_chance:
        return f"{said}; {MAY_BE_CHANCE}"
    return f"{said}; goes with {share}" if share else said


def of_key(key: str) -> str:
    """A number's name to be read: 'mutual aid: total log hazard ratio'."""
    section, *rest = key.split(".")
    return f"{section}: {' '.join(rest)}".replace("_", " ")
