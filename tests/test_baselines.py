"""What the shipped scenarios give, to the person: nothing moves without being meant to.

python -m tests.test_baselines      writes the file anew; say "Results change:" in CHANGELOG.md
"""

import json
from pathlib import Path

import pytest

from recoverysim.outcomes import AT
from recoverysim.scenario import shipped
from tests.worlds import a_world

STORED = Path(__file__).parent / "baselines.json"
COUNTED = (
    "abstinent_90_days", "at_least_1_year", "since_discharge", "stage_using", "stage_treatment",
    "attending", "involved", "ever_attended", "offered", "connected", "readmissions", "stage_dead",
    "deaths_overdose", "company_in_recovery_percent",
)  # fmt: skip


def people(scenario: str) -> dict[str, dict[str, int]]:
    """Of 2,000 people, by outcome, after 1, 2 and 5 years; seed 1, declared values."""
    counts = a_world(scenario, 2000, 260, years=5).counts.sum(axis=1)
    return {
        name: {f"year {year}": int(counts[52 * year, AT[name]]) for year in (1, 2, 5)}
        for name in COUNTED
    }


@pytest.mark.parametrize("scenario", shipped())
def test_a_shipped_scenario_gives_what_it_gave(scenario):
    assert people(scenario) == json.loads(STORED.read_text())[scenario]


def test_no_stored_baseline_is_without_its_scenario():
    assert list(json.loads(STORED.read_text())) == list(shipped())


if __name__ == "__main__":
    found = {scenario: people(scenario) for scenario in shipped()}
    STORED.write_text(json.dumps(found, indent=1) + "\n")
