"""What pictures say: short sentences for everybody, kept in one place."""

from __future__ import annotations

from typing import Any

from recoverysim import words
from recoverysim.shown import Answer, Standing

EACH_DOT = "Each dot is 5 people in every 1,000."
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
