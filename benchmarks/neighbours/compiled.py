"""recoverysim's way: small compiled rules over one structured array. The yardstick."""

from __future__ import annotations

import numpy as np
import reference_kernel as small


def prepare(people, weeks, seed):
    people = people.copy()
    # Nobody's luck comes twice, whatever seed the people were made with.
    people["luck"] = np.random.default_rng(seed).integers(0, 2**64, people.size, dtype=np.uint64)
    return people, np.bincount(people["group"], minlength=small.GROUPS), weeks


def live(model):
    small.live_through(*model)


def found(model):
    people = model[0]
    return people["state"], people["attends"]
