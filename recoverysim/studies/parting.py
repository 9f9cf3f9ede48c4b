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
    "care", "death", "through others",
)  # fmt: skip
(
    WHO_THEY_ARE, OFFERED, ATTENDED, INVOLVED, CAPITAL, COMPANY, RETURN_TO_USE, CARE, DEATH,
    THROUGH_OTHERS,
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
}  # fmt: skip
# Deaths are expected by other parameters than a life is lived by, and a reading moves nothing.
NO_PART_OF_A_LIFE: Final = ("readiness_seen", "background", "excess_by_age_and_sex")
AT_THE_START: Final = tuple(t.name for t in TRAITS if t.name not in NO_PART_OF_A_LIFE)
LATER: Final = ("mood",)

# Sections of parameters and mechanisms by what they move by themselves. One that is not named here
# is taken to move everything, so that nothing is laid upon others that may be a person's own.
OF_WHO_COMES: Final = {"population", "arrivals"}
OF_OFFERS: Final = {"practitioners", "linkage", "fidelity_drift", "peers"}
OF_MEETINGS: Final = {
    "on_the_premises", "attendance", "involvement", "fit", "use_makes_leaving", "state_dependence",
}  # fmt: skip
OF_GROUPS: Final = {"fellowships", "groups", "reach", "group_life", "stigma_of_medication"}
OF_COMPANY: Final = {"company", "network"}
OF_USE: Final = {
    "mutual_aid", "mutual_aid_effect", "recovery_capital", "capital", "return_to_use",
    "becoming_abstinent", "remission_without_help", "medication_protection",
}  # fmt: skip
OF_CARE: Final = {"places", "care", "waiting", "detox", "treatment", "using", "community"}
OF_NO_STEP: Final = {"deaths", "lost_tolerance", "costs", "quality_of_life"}

# For each step that others can move: the rules that by themselves cannot.
_NEITHER: Final = OF_COMPANY | OF_USE | OF_NO_STEP
RULES_OF_OTHER_STEPS: Final = {
    OFFERED: _NEITHER | {"attendance", "involvement", "fit", "use_makes_leaving"}
    | (OF_CARE - {"places"}),
    ATTENDED: _NEITHER | OF_OFFERS | OF_CARE | {"involvement"},
    INVOLVED: _NEITHER | OF_OFFERS | OF_CARE | (OF_MEETINGS - {"involvement", "fit"}),
    RETURN_TO_USE: OF_COMPANY | OF_NO_STEP | OF_WHO_COMES | OF_OFFERS | OF_MEETINGS | OF_GROUPS
    | OF_CARE,
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
        for mine, theirs in ((one, other), (one["mechanisms"], other["mechanisms"])):
            for name in set(mine.dtype.names) - {"mechanisms"}:
                if mine[name].tobytes() != theirs[name].tobytes():
                    self.rules.add(name)

    def _through(self, step: int) -> int:
        """The step, or what moved it, where its own rules have always been the same."""
        if step not in RULES_OF_OTHER_STEPS or self.rules - RULES_OF_OTHER_STEPS[step]:
            return step
        of_company = self.rules & OF_COMPANY and step in (RETURN_TO_USE, CARE)
        return COMPANY if of_company else THROUGH_OTHERS

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
        ]
