"""The small model in mesa-frames: agents are rows of a polars frame, and rules are expressions."""

from __future__ import annotations

import polars as pl
import reference_kernel as small
from mesa_frames import AgentSetPolars, ModelDF

TIES = [f"tie_{slot}" for slot in range(small.TIES)]
SEEN = pl.sum_horizontal(pl.col("shown").gather(pl.col(tie)) for tie in TIES) / small.TIES
IS_USING = pl.col("state") == small.USING
IS_ALIVE = pl.col("state") != small.DEAD
IS_ABSTINENT = pl.col("state").is_in([small.TREATMENT, small.COMMUNITY])


class People(AgentSetPolars):
    """A row each; the dead keep theirs, since ties are numbers of rows."""

    def __init__(self, model, people):
        super().__init__(model)
        columns = {"unique_id": range(len(people)), "group": people["group"]}
        columns |= {tie: people["ties"][:, slot] for slot, tie in enumerate(TIES)}
        columns |= {name: people[name] for name in ("frailty", "weeks_abstinent", "state")}
        columns |= {"attends": people["attends"], "shown": people["shown_abstinent"].astype("u1")}
        self.add(pl.DataFrame(columns).with_columns(pl.col("unique_id").cast(pl.Int64)))

    def step(self):
        self.look_around()
        self.go_to_meetings()
        self.live()
        self.perhaps_die()
        self.agents = self.agents.with_columns(shown=IS_ABSTINENT.cast(pl.UInt8))

    def thrown(self):
        return pl.Series(self.model.random.random(len(self)))

    def look_around(self):
        """What is seen of one's ties, and how well one's group was attended last week."""
        self.agents = self.agents.with_columns(
            seen=SEEN, attendance=pl.col("attends").mean().over("group")
        )

    def go_to_meetings(self):
        drawn = small.GOES_FOR_COMPANY * pl.col("seen")
        drawn += small.GOES_FOR_THE_GROUP * pl.col("attendance")
        chance = small.GOES_ANYWAY + pl.when(IS_USING).then(0.0).otherwise(drawn)
        self.agents = self.agents.with_columns(attends=IS_ALIVE & (self.thrown() < chance))

    def live(self):
        """Those who use may start treatment; the abstinent return to use, or stay and move on."""
        falls = (1.0 / (small.SCALE_WEEKS + pl.col("weeks_abstinent"))).log1p()
        protects = small.COMPANY_PROTECTS * pl.col("seen")
        protects += small.GOING_PROTECTS * pl.col("attends")
        hazard = falls * (pl.col("frailty") - protects).exp()
        thrown, weeks = pl.col("thrown"), pl.col("weeks_abstinent")
        starts = IS_USING & (thrown < small.STARTS_TREATMENT_PER_WEEK)
        completes = (pl.col("state") == small.TREATMENT) & (thrown > 1.0 - small.COMPLETES_PER_WEEK)
        returns = pl.col("returns")
        self.agents = self.agents.with_columns(thrown=self.thrown())
        self.agents = self.agents.with_columns(
            returns=IS_ABSTINENT & (thrown < 1.0 - (-hazard).exp())
        )
        self.agents = self.agents.with_columns(
            state=pl.when(returns).then(pl.lit(small.USING, pl.Int8))
            .when(starts).then(pl.lit(small.TREATMENT, pl.Int8))
            .when(completes).then(pl.lit(small.COMMUNITY, pl.Int8))
            .otherwise(pl.col("state")),
            weeks_abstinent=pl.when(returns).then(0).otherwise(weeks + IS_ABSTINENT),
        )  # fmt: skip

    def perhaps_die(self):
        ratio = pl.when(IS_USING).then(small.DIES_WHILE_USING_RATIO).otherwise(1.0)
        dies = self.thrown() < small.DIES_PER_WEEK * ratio
        self.agents = self.agents.with_columns(dies=dies)
        self.agents = self.agents.with_columns(
            state=pl.when("dies").then(pl.lit(small.DEAD, pl.Int8)).otherwise(pl.col("state")),
            attends=pl.col("attends") & ~pl.col("dies"),
        )


class SmallModel(ModelDF):
    """One set of agents, living week by week."""

    def __init__(self, people, weeks, seed):
        super().__init__(seed)
        self.weeks = weeks
        self.people = People(self, people)
        self.agents += self.people

    def step(self):
        self.agents.step()


prepare = SmallModel


def live(model):
    for _ in range(model.weeks):
        model.step()


def found(model):
    people = model.get_agents_of_type(People).agents
    return people["state"].to_numpy(), people["attends"].to_numpy()
