"""Mesa's own view of one model, for developers: step it, change its settings, see its counts.

It shows one world of few people at declared values. It is no answer: those are on the pages.
"""

from __future__ import annotations

import solara
from mesa.visualization import SolaraViz, make_plot_component

from recoverysim.model import RecoveryModel
from recoverysim.scenario import shipped

PARAMETERS = {
    "scenario": {
        "type": "Select", "value": "baseline", "values": list(shipped()), "label": "Scenario",
    },
    "clients": {
        "type": "SliderInt", "value": 500, "min": 100, "max": 2000, "step": 100, "label": "People",
    },
    "seed": {"type": "InputText", "value": 1, "label": "Seed"},
    "years": 10,
}  # fmt: skip


class OneWorld(RecoveryModel):
    """A model whose settings come from a page, where a seed is typed."""

    def __init__(
        self, scenario: str = "baseline", clients: int = 500, seed: int = 1, years: int = 10
    ) -> None:
        super().__init__(scenario, int(clients), int(seed), years=int(years))


def stages(model: RecoveryModel) -> solara.Element:
    """How many people are in each stage now."""
    counts = model.agents.groupby("stage").count()
    rows = [f"| {stage} | {many} |" for stage, many in sorted(counts.items())]
    told = "\n".join(["| stage | people |", "| --- | --- |", *rows])
    return solara.Preformatted(f"week {model.week}\n{told}")


@solara.component
def Page() -> None:
    """The view; each visitor has a model of their own."""
    model = solara.use_memo(OneWorld, [])
    SolaraViz(
        model,
        components=[make_plot_component(["in_recovery", "attending", "dead"]), stages],
        model_params=PARAMETERS,
        name="recoverysim: one world, for developers",
    )
