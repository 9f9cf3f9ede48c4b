"""The dashboard: the same answers in a browser, on this machine, without internet.

It is called too: ``rs.dashboard(scenario)`` opens it with that scenario beside today.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Dashboard(ModuleType):
    """This very package, which can be called."""

    def __call__(
        self, scenario: Any = None, *, host: str | None = None, port: int | None = None,
        browse: bool = True,
    ) -> None:  # fmt: skip
        """Open the dashboard until interrupted, with a scenario (a name, a path or a Scenario)
        beside today.

        Raises ScenarioError for a bad scenario, ValueError for one that no link can hold, and
        `launch.CannotStart` where the server cannot start.
        """
        from recoverysim.dashboard import address, launch
        from recoverysim.dashboard.asked import Asked, mix_of
        from recoverysim.scenario import Scenario, load

        path = "/"
        if scenario is not None:
            chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
            path = f"/compare?{address.query(Asked((mix_of(chosen),)))}"
        launch.serve(host or launch.HOST, port, browse=browse, path=path)


sys.modules[__name__].__class__ = _Dashboard
