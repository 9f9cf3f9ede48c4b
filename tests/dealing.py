"""Ties dealt anew by lot, and how alike people are who are tied."""

from __future__ import annotations

import numpy as np

from recoverysim.world import World

MOST_ROUNDS = 100


def deal_anew(ties: np.ndarray, lot: np.random.Generator) -> None:
    """Who is tied to whom is drawn by lot, in place; everybody keeps as many ties to other clients,
    in the same slots, and whoever they know outside.

    The hands that are held out meet in a random order. Pairs that cannot be (somebody with
    themselves, or the same two twice) are broken up and dealt again with as many others.
    """
    hands = np.argwhere(ties >= 0)
    owner = hands[:, 0]
    pairs = lot.permutation(len(hands)).reshape(-1, 2)
    for _ in range(MOST_ROUNDS):
        wrong = _cannot_be(owner[pairs], len(ties))
        if not wrong.any():
            break
        right = np.flatnonzero(~wrong)
        others = lot.choice(right, min(wrong.sum(), len(right)), replace=False)
        again = np.concatenate([np.flatnonzero(wrong), others])
        pairs[again] = lot.permutation(pairs[again].ravel()).reshape(-1, 2)
    else:
        raise AssertionError("these ties cannot be dealt anew: too few people for so many")
    for mine, theirs in (pairs.T, pairs.T[::-1]):
        ties[hands[mine, 0], hands[mine, 1]] = owner[theirs]


def _cannot_be(pairs: np.ndarray, people: int) -> np.ndarray:
    low, high = np.sort(pairs, axis=1).T
    _, first = np.unique(low * people + high, return_index=True)
    wrong = np.ones(len(pairs), bool)
    wrong[first] = False
    return wrong | (low == high)


def live_among_strangers(world: World, weeks: int, seed: int = 1) -> None:
    """Live so many weeks, the ties between clients dealt anew before each.

    A run that begins lets everybody look at their company, so what they see is those just dealt.
    """
    lot = np.random.default_rng(seed)
    for _ in range(weeks):
        deal_anew(world.ties, lot)
        world.run_for(1)


def likeness(ties: np.ndarray, trait: np.ndarray) -> tuple[float, float]:
    """Newman's assortativity (2002) of a yes-or-no trait over ties, 0 by chance; standard error by
    chance.

    It is the correlation between both ends of a tie, each tie counted from either end, so that
    people with many ties count for as much as they do by chance.
    """
    rows, slots = np.nonzero(ties >= 0)
    one, other = trait[rows].astype(float), trait[ties[rows, slots]].astype(float)
    return float(np.corrcoef(one, other)[0, 1]), 1 / np.sqrt(len(rows) / 2)
