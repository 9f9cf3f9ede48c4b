"""The model description names every parameter and mechanism; their table is up to date."""

import importlib.util
import re
from pathlib import Path

from recoverysim.codes import CARE, FELLOWSHIPS, KINDS, MODALITIES, SEXES, SUBSTANCES
from recoverysim.quantities import SECTIONS, By
from recoverysim.settings import MECHANISMS, all_quantities

DOCS = Path(__file__).parent.parent / "docs"
FAMILIES = {
    SUBSTANCES: "<substance>", MODALITIES: "<modality>", KINDS: "<kind>", SEXES: "<sex>",
    FELLOWSHIPS: "<fellowship>", CARE: "<care>",
}  # fmt: skip
SWITCHES = {f"mechanisms.{name}" for name in MECHANISMS}
# A scenario sets them, and they are no numbers.
OTHER_KEYS = {"network.kind", "network.file", "population.from", "services.from"}

NAMED = set(
    re.findall(r"`(\w+(?:\.[\w<>]+)+)`", (DOCS / "model.md").read_text(encoding="utf-8"))
)  # fmt: skip


def names_of_parameters():
    """Every parameter as the description writes it: a family in place of its members."""
    for section, fields in SECTIONS.items():
        for name, entry in fields.items():
            family = f"{FAMILIES[entry.members]}." if isinstance(entry, By) else ""
            yield f"{section}.{family}{name}"


def test_every_parameter_is_named_where_it_acts():
    assert sorted(set(names_of_parameters()) - NAMED) == []


def test_every_mechanism_is_named():
    assert sorted(SWITCHES - NAMED) == []


def test_every_key_that_is_named_exists():
    there = {*names_of_parameters(), *all_quantities(), *SWITCHES, *OTHER_KEYS}
    keys = {name for name in NAMED if name.split(".")[0] in {*SECTIONS, "mechanisms"}}
    assert sorted(keys - there) == []


def test_the_page_on_costs_is_what_the_script_would_write():
    spec = importlib.util.spec_from_file_location("make_costs", DOCS / "make_costs.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    written = script.PAGE.read_text(encoding="utf-8")
    assert written == script.page(), "run: python docs/make_costs.py"


def test_what_the_page_on_evidence_counts_is_what_there_is():
    """What it tells of a run is written again by hand, since that takes minutes."""
    spec = importlib.util.spec_from_file_location("make_evidence", DOCS / "make_evidence.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    written, mark, run = script.PAGE.read_text(encoding="utf-8").partition(script.MARK)
    assert written == script.static(), "run: python docs/make_evidence.py"
    assert mark
    assert all(f"## {name}\n" in run for name in script.SCENARIOS)


def test_the_table_of_parameters_is_what_the_script_would_write():
    spec = importlib.util.spec_from_file_location("make_parameters", DOCS / "make_parameters.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    written = script.PAGE.read_text(encoding="utf-8")
    assert written == script.page(), "run: python docs/make_parameters.py"
