"""The questions of chance keep their names: a name is the key of its throws, and old results were
made with it."""

import hashlib
import importlib
import re
from pathlib import Path

import recoverysim

PACKAGE = Path(recoverysim.__file__).parent

# Every question by file and name in the file. A new one is a new line; old lines never change.
QUESTIONS = {
    "arrivals": {
        "COMES_AT_THE_START": "asks for help in the first week",
        "COMES_IN_WEEK": "in which week is help first asked for",
    },
    "assessment": {
        "STARTED": "is care started this week",
        "DETOX_FIRST": "does care start with detox",
        "TO_RESIDENTIAL": "is treatment residential",
        "ON_MEDICATION": "is medication started",
    },
    "company": {
        "WHICH": "which tie changes",
        "NEW_COMPANY": "is the new company in recovery",
        "THROUGH_FRIENDS": "is the new company met through friends",
        "WHICH_FRIEND": "which friend introduces",
        "WHOSE_FRIEND": "which friend of the friend",
    },
    "mortality": {
        "DEATH": "dies",
    },
    "motivation": {
        "DRIFT": "motivation drifts",
    },
    "mutual_aid.attendance": {
        "FIRST_MEETING": "goes to a first meeting",
        "MEETING": "goes to a meeting this week",
        "LEAVE": "leaves mutual aid",
        "SETTLE": "becomes a regular member",
    },
    "mutual_aid.fellowships": {
        "WHICH_FELLOWSHIP": "which fellowship",
        "SECOND_TRY": "is there another fellowship to try",
        "PARTICULAR": "how well a fellowship suits this person in particular",
    },
    "mutual_aid.groups": {
        "SIZE": "how large a group is",
        "OWN_CULTURE": "how experienced a group is",
        "OPEN_TO_MEDICATION": "whose turn it is to be open to medication",
        "OPEN_TO_NON_BELIEVERS": "whose turn it is to be open to people without a faith",
        "COME_AND_GO": "members outside come and go",
        "OPENS": "does a group open",
        "CLOSES": "does a group close",
        "WHICH_GROUP": "which group",
        "GIVES_UP": "stops going as the group closes",
        "SPONSOR": "finds a sponsor",
    },
    "mutual_aid.linkage": {
        "OFFER_INTENSIVE": "is intensive referral offered",
        "OFFER_PEER": "is a peer introduction offered",
        "OFFER_CLINICIAN": "does the clinician introduce",
        "OFFER_LEAFLET": "is a leaflet handed over",
    },
    "mutual_aid.on_the_premises": {
        "HELD_HERE": "are meetings held where this person stays",
        "SIT_IN": "goes to a meeting on the premises",
    },
    "practitioners": {
        "ROLE": "what kind of worker is this",
        "ATTITUDE": "a worker's attitude",
        "KNOWLEDGE": "a worker's knowledge",
        "SERVICE": "what a service expects",
        "TURN": "whose turn it is to be trained",
        "WHO": "which worker is met",
    },
    "population": {
        "SUBSTANCE": "main substance",
        "SEX": "sex",
        "AGE": "age",
        "NEED": "mental-health need",
        "INJECTS": "injects",
        "GOAL": "goal",
        "BEEN_BEFORE": "has been to mutual aid before",
        "MEMBER_ALREADY": "goes to mutual aid regularly already",
        "FAITH": "faith",
        "FIT": "fit",
        "READINESS": "readiness",
        "MOOD": "mood at entry",
        "READING": "noise of the reading of motivation",
        "FRAILTY": "frailty",
        "SOBER_TIES": "can build sober ties",
    },
    "stages.community": {
        "ASK_EARLY": "asks for help in a lapse",
    },
    "stages.detox": {
        "LEAVE_EARLY": "leaves detox early",
        "END_HERE": "does detox end this week",
        "GO_ON": "goes on to treatment after detox",
        "WHERE_TO": "which treatment after detox",
    },
    "stages.treatment": {
        "DROP_OUT": "leaves treatment early",
        "AS_PLANNED": "is the exit from medication planned",
        "PLANNED_END": "does treatment end this week",
        "ASK_FOR_DETOX": "asks for detox while in treatment",
        "CHANGE": "changes to medication",
    },
    "stages.using": {
        "SEEK_HELP": "seeks help",
        "STOP_FOR_GOOD": "stops for good without help",
    },
    "stages.waiting": {
        "GIVE_UP": "gives up waiting",
    },
    "structure": {
        "REWIRE": "is this tie of the small world rewired",
        "REWIRE_TO": "whom does a rewired tie go to",
        "DEGREE": "how many people does this client know",
        "SHUFFLE": "which open hands meet",
    },
    "ties": {
        "FILL": "who is in my company at entry",
    },
    "supports.aftercare": {
        "OFFER_AFTERCARE": "are check-ups offered after care",
    },
    "supports.medication_policy": {
        "TAKEN_OFF_NOW": "is moved off medication",
    },
    "supports.recovery_centres": {
        "REACH": "does a recovery centre reach this person",
    },
    "supports.recovery_housing": {
        "OFFER_HOUSING": "is recovery housing offered after care",
    },
    "use": {
        "FIRST_USE": "uses for the first time",
        "IS_A_LAPSE": "is the first use a lapse",
        "GET_OVER_IT": "gets over a lapse",
        "LAPSE_GOES_ON": "a lapse becomes a return to use",
        "STOP": "becomes abstinent",
        "AT_ONCE": "uses at once after leaving care early",
    },
}


def key_of(name):
    """The first 64 bits of the SHA-256 of a name."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:16], 16)


def every_question():
    """Where the package asks dice.question, as (module, name in the module)."""
    for source in PACKAGE.rglob("*.py"):
        module = ".".join(source.relative_to(PACKAGE).with_suffix("").parts)
        text = source.read_text(encoding="utf-8")
        for name in re.findall(r"^([A-Z_]+) = question\(", text, re.MULTILINE):
            yield module, name


def test_every_question_is_listed_and_asked_by_its_old_name():
    listed = {(module, name) for module, several in QUESTIONS.items() for name in several}
    assert set(every_question()) == listed
    for module, several in QUESTIONS.items():
        asked = importlib.import_module(f"recoverysim.{module}")
        assert {name: int(getattr(asked, name)) for name in several} == {
            name: key_of(words) for name, words in several.items()
        }


def test_no_question_is_asked_by_the_name_of_another():
    words = [one for several in QUESTIONS.values() for one in several.values()]
    assert len(set(words)) == len(words)
