"""By which step, and when, each simulated person's two lives part.

Twins share their luck, so they live alike until something of their own differs: what is offered,
going to a meeting, use, a place in care. The first such difference is where they part. Where the
rules that move it are the same in both worlds, only others can have brought it about: through the
company people keep, their group, a queue for places, the time of peers, a worker who has seen
people recover. Company and the group are no parting themselves: they differ for nearly everybody
before long, and do nothing until they move something.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from recoverysim.clients import TRAITS
from recoverysim.codes import DEAD, DETOX, TREATMENT
from recoverysim.world import World

# In the order in which one leads to another, for people who read a table of them.
STEPS: Final = (
    "who they are", "offered", "attended", "involved", "capital", "company", "return to use",
    "care", "support", "death", "through others",
)  # fmt: skip
(
    WHO_THEY_ARE, OFFERED, ATTENDED, INVOLVED, CAPITAL, COMPANY, RETURN_TO_USE, CARE, SUPPORT,
    DEATH, THROUGH_OTHERS,
) = range(len(STEPS))  # fmt: skip
NOT_YET: Final = -1

# The columns that show each step. What follows from others in the same week is left out.
SHOWN_BY: Final = {
    OFFERED: ("link", "pull", "weeks_since_link", "delivered", "waits_for_a_peer",
              "meetings_held_here"),
    ATTENDED: ("attendance", "weeks_since_meeting", "met_on_the_premises"),
    INVOLVED: ("involvement",),
    CAPITAL: ("capital", "identity"),
    RETURN_TO_USE: ("use", "weeks_abstinent", "head_start"),
    CARE: ("stage", "modality", "weeks_in_stage", "weeks_using"),
    SUPPORT: ("in_aftercare", "housed", "visits_centre"),
}  # fmt: skip
# Deaths are expected by other parameters than a life is lived by, and a reading moves nothing.
NO_PART_OF_A_LIFE: Final = ("readiness_seen",)
AT_THE_START: Final = tuple(t.name for t in TRAITS if t.name not in NO_PART_OF_A_LIFE)
LATER: Final = ("mood",)

# Sections, parameters and mechanisms by what they move by themselves. What is not named here is
# taken to move everything, so that nothing is laid upon others that may be a person's own.
OF_WHO_COMES: Final = {"population", "arrivals"}
OF_OFFERS: Final = {"practitioners", "linkage", "fidelity_drift", "peers"}
OF_MEETINGS: Final = {
    "on_the_premises", "attendance", "involvement", "fit", "use_makes_leaving", "state_dependence",
}  # fmt: skip
OF_GROUPS: Final = {"fellowships", "groups", "reach", "group_life", "stigma_of_medication"}
OF_COMPANY: Final = {"company", "network", "close_ties"}
OF_USE: Final = {
    "mutual_aid", "mutual_aid_effect", "recovery_capital", "capital", "return_to_use",
    "becoming_abstinent", "remission_without_help", "medication_protection",
}  # fmt: skip
OF_CARE: Final = {
    "places", "staff_time", "care", "waiting", "detox", "treatment", "using", "community",
    "medication_policy",
}  # fmt: skip
# Who has it; what it does for them is not named, since that moves several steps.
OF_SUPPORT: Final = {
    "aftercare.offered_share", "aftercare.lasts_weeks", "recovery_housing.offered_share",
    "recovery_housing.lasts_weeks", "recovery_centres.reach_share", "recovery_centres.lasts_weeks",
}  # fmt: skip
OF_NO_STEP: Final = {
    "deaths", "lost_tolerance", "naloxone", "costs", "wider_costs", "appraisal",
    "quality_of_life",
}  # fmt: skip

# For each step that others can move: the rules that by themselves cannot.
_NEITHER: Final = OF_COMPANY | OF_USE | OF_SUPPORT | OF_NO_STEP
RULES_OF_OTHER_STEPS: Final = {
    OFFERED: _NEITHER | {"attendance", "involvement", "fit", "use_makes_leaving"}
    | (OF_CARE - {"places", "staff_time"}),
    ATTENDED: _NEITHER | OF_OFFERS | OF_CARE | {"involvement"},
    INVOLVED: _NEITHER | OF_OFFERS | OF_CARE | (OF_MEETINGS - {"involvement", "fit"}),
    RETURN_TO_USE: OF_COMPANY | OF_SUPPORT | OF_NO_STEP | OF_WHO_COMES | OF_OFFERS | OF_MEETINGS
    | OF_GROUPS | OF_CARE,
    CARE: _NEITHER | OF_WHO_COMES | OF_OFFERS | OF_MEETINGS,
}  # fmt: skip


class Partings:
    """Of two worlds of the same people: who has parted from their twin, by which step, and when.

    `step` is a place in STEPS or NOT_YET, `week` the last week in which the twins were alike, both
    of shape (clients,). `look` has to be called as the worlds begin and after every week of both.
    """

    def __init__(self, one: World, other: World) -> None:
        self.worlds = one, other
        clients = len(one.clients)
        self.step = np.full(clients, NOT_YET, np.int8)
        self.week = np.zeros(clients, np.int32)
        self.rules: set[str] = set()  # that differ between the worlds, or did
        networks = [(world.scenario.network, world.scenario.network_file) for world in self.worlds]
        if networks[0] != networks[1]:
            self.rules.add("network")
        if one.plugged and other.plugged:
            self.rules |= one.plugged.differs(other.plugged)
        elif one.plugged or other.plugged:
            self.rules.add("plug-ins")

    def look(self) -> None:
        """See who parts in the week that both worlds have just lived."""
        self._look_at_the_rules()
        alike = self.step == NOT_YET
        if not alike.any():
            return
        for step, differs in self._differences():
            now = differs & alike
            alike &= ~now
            self.week[now] = max(self.worlds[0].week - 1, 0)
            self.step[now] = self._through(step)

    def _look_at_the_rules(self) -> None:
        """See which rules differ that were in force in this week."""
        week = max(self.worlds[0].week - 1, 0)
        if week >= max(world.table.size for world in self.worlds):
            return  # the last row holds for ever
        one, other = (world.table[min(week, world.table.size - 1)] for world in self.worlds)
        for section in one.dtype.names or ():
            mine, theirs = one[section], other[section]
            if mine.tobytes() == theirs.tobytes():
                continue
            for name in mine.dtype.names or ():
                if mine[name].tobytes() != theirs[name].tobytes():
                    self.rules.add(name if section == "mechanisms" else f"{section}.{name}")

    def _through(self, step: int) -> int:
        """The step, or what moved it, where its own rules have always been the same."""
        if step not in RULES_OF_OTHER_STEPS:
            return step
        others = RULES_OF_OTHER_STEPS[step]
        if any(rule not in others and _section(rule) not in others for rule in self.rules):
            return step
        of_company = any(_section(rule) in OF_COMPANY for rule in self.rules)
        return COMPANY if of_company and step in (RETURN_TO_USE, CARE) else THROUGH_OTHERS

    def _differ(self, *columns: str) -> np.ndarray:
        """Who differs from their twin in any of these columns."""
        one, other = (world.clients for world in self.worlds)
        found: np.ndarray = one[columns[0]] != other[columns[0]]
        for column in columns[1:]:
            found |= one[column] != other[column]
        return found

    def _differences(self) -> list[tuple[int, np.ndarray]]:
        """Steps with who differs by them now, what comes first in a week before what follows."""
        stages = [world.clients["stage"] for world in self.worlds]
        dead = (stages[0] == DEAD) != (stages[1] == DEAD)
        in_care = [(stage == DETOX) | (stage == TREATMENT) for stage in stages]
        use = self._differ(*SHOWN_BY[RETURN_TO_USE])
        traits = LATER if self.worlds[0].week else (*AT_THE_START, *LATER)
        before_use = (OFFERED, ATTENDED, INVOLVED, CAPITAL)
        return [
            (WHO_THEY_ARE, self._differ(*traits)),
            *((step, self._differ(*SHOWN_BY[step])) for step in before_use),
            (DEATH, dead & ~use),
            # Whoever leaves a place often uses at once, and a bed stops use.
            (CARE, (in_care[0] != in_care[1]) & ~dead),
            (RETURN_TO_USE, use),
            (CARE, self._differ(*SHOWN_BY[CARE])),
            (SUPPORT, self._differ(*SHOWN_BY[SUPPORT])),
        ]


def _section(rule: str) -> str:
    """The section of a parameter, or the mechanism itself."""
    return rule.partition(".")[0]
