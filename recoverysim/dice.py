"""Chance, keyed by seed, client, week and question.

The same client, asked the same question in the same week, throws the same dice in every
scenario, whatever the order of the clients or the number of threads. So two worlds compare twins,
and somebody added changes nobody else's luck.

A question of chance is a name beside the rule that asks it: ``LEAVE = question("leave care")``.
The name is the seed: a new question is a new name, and old names never change.

The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable
pseudorandom number generators", OOPSLA), for which there are published known answers.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from recoverysim.compiled import plain_twin, rule

SCHEME = "splitmix64-keyed-1"

MASK = (1 << 64) - 1
GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # the odd number nearest to 2**64 over the golden ratio
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31 = np.uint64(30), np.uint64(27), np.uint64(31)
TO_53_BITS = np.uint64(11)
ONE_IN_2_53 = 2.0**-53
LOW_32_BITS, SHIFT_32 = np.uint64(0xFFFF_FFFF), np.uint64(32)
# Two uniform numbers of 32 bits sum to a mean of 2**32 - 1 and a variance of (2**64 - 1) / 6.
MEAN_OF_TWO = 2.0**32 - 1.0
ONE_OVER_SD = math.sqrt(6.0 / (2.0**64 - 1.0))
TWO_PI = 2.0 * math.pi


def question(name: str) -> np.uint64:
    """The key of a question of chance: the first 64 bits of the SHA-256 of its name."""
    return np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))


@rule
def mix(x):
    """Turn a 64-bit number into one that looks unrelated to it."""
    x = (x ^ (x >> SHIFT_30)) * FIRST
    x = (x ^ (x >> SHIFT_27)) * SECOND
    return x ^ (x >> SHIFT_31)


@plain_twin(mix)
def mix_plainly(x: int) -> int:
    """`mix` with Python's own whole numbers."""
    x = int(x)
    x = ((x ^ (x >> 30)) * int(FIRST)) & MASK
    x = ((x ^ (x >> 27)) * int(SECOND)) & MASK
    return x ^ (x >> 31)


@rule
def luck_of(seed, key):
    """A client's luck for life, from the seed of the run and the client's key."""
    return mix(mix(seed + GOLDEN) + key * GOLDEN)


@plain_twin(luck_of)
def luck_of_plainly(seed: int, key: int) -> int:
    """`luck_of` with Python's own whole numbers."""
    start = mix_plainly((int(seed) + int(GOLDEN)) & MASK)
    return mix_plainly((start + int(key) * int(GOLDEN)) & MASK)


@rule
def dice_of_the_week(luck, week):
    """A client's dice for one week."""
    return mix(luck + np.uint64(week) * GOLDEN)


@plain_twin(dice_of_the_week)
def dice_of_the_week_plainly(luck: int, week: int) -> int:
    """`dice_of_the_week` with Python's own whole numbers."""
    return mix_plainly((int(luck) + int(week) * int(GOLDEN)) & MASK)


@rule
def throw(dice, asked):
    """A number from 0 to just under 1 for a question, evenly spread."""
    return (mix(dice ^ asked) >> TO_53_BITS) * ONE_IN_2_53


@plain_twin(throw)
def throw_plainly(dice: int, asked: int) -> float:
    """`throw` with Python's own whole numbers."""
    return (mix_plainly(dice ^ int(asked)) >> 11) * ONE_IN_2_53


@rule
def first_throw(dice):
    """The week's dice as they lie, for the one question that is asked of everybody every week."""
    return (dice >> TO_53_BITS) * ONE_IN_2_53


@plain_twin(first_throw)
def first_throw_plainly(dice: int) -> float:
    """`first_throw` with Python's own whole numbers."""
    return (dice >> 11) * ONE_IN_2_53


@rule
def happens(dice, asked, chance):
    """Whether something of this probability happens."""
    return throw(dice, asked) < chance


@rule
def at_ratio(chance, ratio):
    """A probability as it becomes where its hazard is multiplied by `ratio`."""
    return 1.0 - (1.0 - chance) ** ratio


@rule
def strikes(dice, asked, hazard):
    """Whether something with this hazard over the week happens: probability 1 - exp(-hazard).

    The probability is never above the hazard itself, so most weeks need no exponential.
    """
    thrown = throw(dice, asked)
    if thrown >= hazard:
        return False
    return thrown < 1.0 - math.exp(-hazard)


@rule
def strikes_at_risk(dice, asked, hazard, log_ratio):
    """Whether something with this hazard times exp(log_ratio) over the week happens.

    Below 1, exp(x) is never above 1 / (1 - x): that spares both exponentials in most weeks.
    """
    thrown = throw(dice, asked)
    if log_ratio < 1.0 and thrown * (1.0 - log_ratio) >= hazard:
        return False
    return thrown < 1.0 - math.exp(-hazard * math.exp(log_ratio))


@rule
def normal(dice, asked):
    """A standard normal number (Box and Muller 1958)."""
    first = (throw(dice, asked) + ONE_IN_2_53) * (1.0 - ONE_IN_2_53)
    return math.sqrt(-2.0 * math.log(first)) * math.cos(TWO_PI * throw(mix(dice), asked))


@rule
def nudge(dice, asked):
    """A number of mean 0 and variance 1, triangular: normal enough where many are summed."""
    bits = mix(dice ^ asked)
    return (float(bits & LOW_32_BITS) + float(bits >> SHIFT_32) - MEAN_OF_TWO) * ONE_OVER_SD


@plain_twin(nudge)
def nudge_plainly(dice: int, asked: int) -> float:
    """`nudge` with Python's own whole numbers."""
    bits = mix_plainly(dice ^ int(asked))
    return (float(bits & 0xFFFF_FFFF) + float(bits >> 32) - MEAN_OF_TWO) * ONE_OVER_SD
