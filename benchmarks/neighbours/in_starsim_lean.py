"""The small model in starsim at its leanest: what is optional there and takes time is off.

Random numbers are not shared between scenarios; nothing is counted that nobody asked for; ties of
the dead stay, since the dead are never seen abstinent.
"""

from __future__ import annotations

import starsim as ss

from neighbours import in_starsim
from neighbours.in_starsim import found

__all__ = ["found", "live", "prepare"]


class Ties(in_starsim.Ties):
    """Eight ties a person, which outlast a death."""

    def remove_uids(self, uids):
        """Nobody is cut off."""


class Recovery(in_starsim.Recovery):
    """The same people, whose states are not counted each week."""

    kind_of_state = ss.BoolArr


def prepare(people, weeks, seed):
    with ss.options.context(crn=False):
        return in_starsim.prepare(people, weeks, seed, Ties, Recovery, people_results=False)


def live(sim):
    with ss.options.context(crn=False):
        in_starsim.live(sim)
