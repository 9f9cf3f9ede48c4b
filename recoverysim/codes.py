"""The short lists of the domain, as codes for the table and names for people."""

from __future__ import annotations

from typing import Final

WEEKS_A_YEAR: Final = 52

# Where a person is.
USING: Final = 0
WAITING: Final = 1
DETOX: Final = 2
TREATMENT: Final = 3
COMMUNITY: Final = 4
DEAD: Final = 5
NOT_COME: Final = 6  # in an open system, before they ask for help the first time; no stage yet
STAGES = ("using", "waiting", "detox", "treatment", "community", "dead")
NOWHERE: Final = -1  # wants no move

# What a person uses, kept apart from where they are.
ABSTINENT: Final = 0
LAPSED: Final = 1
IN_USE: Final = 2
USES = ("abstinent", "lapsed", "using")

ALCOHOL: Final = 0
OPIOIDS: Final = 1
STIMULANTS: Final = 2
SUBSTANCES = ("alcohol", "opioids", "stimulants")

SEXES = ("men", "women")

NO_MODALITY: Final = -1
RESIDENTIAL: Final = 0
PSYCHOSOCIAL: Final = 1
MEDICATION: Final = 2
MODALITIES = ("residential", "psychosocial", "medication")

# Care with places: the modalities by their codes, then detox.
NO_CARE: Final = -1
IN_DETOX: Final = 3
CARE = (*MODALITIES, "detox")

NONE: Final = 0
LEAFLET: Final = 1
CLINICIAN: Final = 2
INTENSIVE: Final = 3
PEER: Final = 4
KINDS = ("none", "leaflet", "clinician", "intensive", "peer")

NO_WORKER: Final = -1
ORDINARY: Final = 0
DOES_NOT_REFER: Final = 1
CHAMPION: Final = 2
ROLES = ("ordinary", "does not refer", "champion")

NEVER: Final = 0
TRYING: Final = 1
REGULAR: Final = 2
INVOLVED: Final = 3
LEFT: Final = 4
ATTENDANCE = ("never", "trying", "regular", "involved", "left")

NO_FELLOWSHIP: Final = -1
AA: Final = 0
NA: Final = 1
CA: Final = 2
SMART: Final = 3
GENERAL: Final = 4
FELLOWSHIPS = ("aa", "na", "ca", "smart", "general")
NO_GROUP: Final = -1

RELIGIOUS: Final = 0
UNSURE: Final = 1
NOT_RELIGIOUS: Final = 2
FAITHS = ("religious", "unsure", "none")

ABSTINENCE: Final = 0
STABILITY: Final = 1
GOALS = ("abstinence", "stability")

# How a stay ended.
STILL_THERE: Final = 0
PLACE_FOUND: Final = 1
GAVE_UP_WAITING: Final = 2
COMPLETED: Final = 3
LEFT_EARLY: Final = 4
MOVED_ON: Final = 5
SOUGHT_HELP: Final = 6
RETURNED_TO_USE: Final = 7
BECAME_ABSTINENT: Final = 8
REMITTED: Final = 9
DIED_OVERDOSE: Final = 10
DIED_OTHER: Final = 11
TAKEN_OFF: Final = 12
ENDINGS = (
    "", "place found", "gave up waiting", "completed", "left early", "moved on to other care",
    "sought help", "returned to use", "became abstinent", "stopped without help",
    "died: overdose", "died: other cause", "moved off medication",
)  # fmt: skip

# News of a week, to be counted once: what happened for the first time, as bits of one number.
NO_NEWS: Final = 0
FIRST_OFFER: Final = 1
FIRST_MEETING_EVER: Final = 2
FIRST_CONNECTED: Final = 4
READMITTED: Final = 8
LINK_MADE: Final = 16
FIRST_ENGAGED: Final = 32
OFFER_NOT_FOLLOWED: Final = 64
CARE_BEGUN: Final = 128
GAVE_UP: Final = 256

# What came of the last link, as bits of one number.
CAME_OFFERED: Final = 1
CAME_CONNECTED: Final = 2
CAME_ENGAGED: Final = 4
CAME_TO_NOTHING: Final = 8

# How the benefit of mutual aid grows with meetings (its true form is not known).
THRESHOLD: Final = 0
CONCAVE: Final = 1
INVOLVEMENT_ONLY: Final = 2

# People outside the simulated cohort, in the slots of a client's ties.
EMPTY: Final = -1
OUTSIDER_USING: Final = -2
OUTSIDER_IN_RECOVERY: Final = -3
