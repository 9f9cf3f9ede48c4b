"""What a sweep varies: a lever that somebody sets, or a number that is not known for certain."""

from __future__ import annotations

from dataclasses import dataclass

from recoverysim.quantities import all_quantities

Setting = float | bool | str


@dataclass(frozen=True)
class Factor:
    """One thing that differs between the points of a sweep.

    A lever (`sets` holds the keys that it sets, as `--set` does, all to the same value) takes one
    of `values`, or anything from `low` to `high`. It sets them in every scenario, or each of them
    in the one that `only_in` names in its place. An `uncertain` number is drawn as the evidence
    declares it, and stands in the parameter set: what a scenario sets itself stays set.
    """

    name: str
    sets: tuple[str, ...] = ()
    values: tuple[Setting, ...] = ()
    low: float = 0.0
    high: float = 1.0
    uncertain: bool = False
    only_in: tuple[str, ...] = ()

    def keys_in(self, scenario: str) -> tuple[str, ...]:
        """The keys that it sets in a scenario."""
        if not self.only_in:
            return self.sets
        pairs = zip(self.sets, self.only_in, strict=True)
        return tuple(key for key, name in pairs if name == scenario)

    def at(self, place: float) -> Setting:
        """What a lever is set to at a place between 0 and 1."""
        if self.values:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        return self.low + place * (self.high - self.low)

    @property
    def is_numeric(self) -> bool:
        """Whether its values can be put on a line."""
        return all(
            isinstance(one, int | float) and not isinstance(one, bool) for one in self.values
        )

    @property
    def unit(self) -> str:
        """The unit of the number behind it; none for switches and kinds."""
        known = all_quantities().get(self.name if self.uncertain else self.sets[0])
        return known.unit if known else ""

    @property
    def grade(self) -> str:
        """How well the number behind it is known; "design" for what somebody sets."""
        return all_quantities()[self.name].grade if self.uncertain else "design"


def uncertain_factors(keys: tuple[str, ...] | None = None) -> tuple[Factor, ...]:
    """A factor for each number that the evidence leaves open, of all or of these.

    A number that moves with another has no place of its own.
    """
    return tuple(
        Factor(key, uncertain=True)
        for key, one in all_quantities().items()
        if one.distribution != "fixed" and (keys is None or key in keys)
    )
