"""The house has floors: a file imports only from its own floor or lower ones.

Read from the source, without running it. An import inside a function counts; one that only a type
checker sees (`if TYPE_CHECKING:`) does not. A new file has to be given its floor here.
"""

import ast
from pathlib import Path

import pytest

import recoverysim
from recoverysim.clients import COLUMNS

PACKAGE = Path(recoverysim.__file__).parent

FLOORS = (
    "quantities compiled compiled_parts dice words shown shown_lives cost_words dashboard_words "
    "dashboard_page_words lives_words picture_words report_words seek_words sure_words study_words "
    "sweep_words sweep_page_words unknown_words yaml_strictly version",
    "codes clients cells ties evidence curves journeys story story_of_changes story_of_twins",
    "arrivals motivation mutual_aid surroundings recovery_capital use mortality company panel "
    "practitioners supports",
    "stages",
    "assessment population places services queues costs wider_costs staff_time "
    "structure outcomes week",
    "settings scenario scenario_lines scenario_words grounds local knowledge plan plugins world "
    "model",
    "store pictures report",
    "studies",
    "terminal terminal_seek terminal_studies terminal_sweeps doctor dashboard command",
)
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names.split()}

# Libraries that have one door, and the files that are it.
DOORS = {
    "numba": {"compiled.py", "compiled_parts.py"},
    "mesa": {"dashboard/developer.py", "model.py"},
    "matplotlib": {
        f"pictures/{name}.py"
        for name in (
            "acceptability",
            "differences",
            "effect",
            "funnel",
            "printed",
            "rows",
            "study",
            "surface",
        )
    },
    "jinja2": {"report/full.py", "report/one_page.py", "report/sweep_page.py"},
    "docx": {"report/word.py"},
    "SALib": {"studies/sweeps/analyses/sensitivity.py", "studies/sweeps/designs.py"},
    "filelock": {"store/growing.py"},
    "pebble": {"studies/sweeps/guard.py"},
    "sklearn": {f"studies/sweeps/analyses/{name}.py" for name in ("discovery", "emulator")},
    "typer": {
        f"command/{name}.py"
        for name in (
            "about",
            "app",
            "dashboard",
            "reports",
            "seeking",
            "studies",
            "sweeps",
            "worlds",
        )
    },
    "uvicorn": {"dashboard/launch.py"},
    "rich": {"command/speech.py", "terminal.py", "terminal_studies.py"},
    "distributed": {"studies/sweeps/cluster.py"},
    "yaml": {"yaml_strictly.py"},
    "pyarrow": {
        "store/folder.py",
        "store/growing.py",
        "store/tables.py",
        "studies/result.py",
        "studies/sweeps/results.py",
    },
}

FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in (
        "TYPE_CHECKING", "typing.TYPE_CHECKING"
    )  # fmt: skip


def imports(node: ast.AST, path: Path) -> set[str]:
    """Every module that this code imports when it runs, by its full name."""
    found = set()
    for child in ast.iter_child_nodes(node):
        if only_for_types(child):
            found |= imports(ast.Module(child.orelse, []), path)
        elif isinstance(child, ast.Import):
            found |= {alias.name for alias in child.names}
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{name_of(path)}: imports are written in full"
            if child.module == "recoverysim" or is_folder(child.module):
                found |= {f"{child.module}.{alias.name}" for alias in child.names}
            else:
                found.add(child.module)
        else:
            found |= imports(child, path)
    return found


def is_folder(module: str) -> bool:
    return PACKAGE.parent.joinpath(*module.split(".")).is_dir()


IMPORTS = {path: imports(ast.parse(path.read_text("utf-8")), path) for path in FILES}


def storey(module: str) -> str:
    """The name in the table: the file, or the folder, directly under recoverysim."""
    return module.split(".")[1]


def test_the_reader_reads():
    """The tests below would pass on an empty house."""
    assert len(FILES) > 30
    assert "recoverysim.codes" in IMPORTS[PACKAGE / "stages" / "using.py"]
    assert (
        "recoverysim.studies.result" in IMPORTS[PACKAGE / "command" / "worlds.py"]
    )  # inside a function
    source = "if TYPE_CHECKING:\n    import a.b\nelse:\n    import c\ndef f():\n    from d import e"
    assert imports(ast.parse(source), FILES[0]) == {"c", "d"}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_imports_only_from_its_floor_or_lower(path):
    mine = storey(
        f"recoverysim.{path.relative_to(PACKAGE).with_suffix('').as_posix().replace('/', '.')}"
    )
    assert mine in FLOOR, f"{mine}: give it a floor in the table above"
    for module in sorted(IMPORTS[path]):
        if module.startswith("recoverysim."):
            theirs = storey(module)
            assert theirs in FLOOR, f"{theirs}: give it a floor in the table above"
            assert FLOOR[theirs] <= FLOOR[mine], (
                f"{name_of(path)} (floor {FLOOR[mine]}) imports {module} (floor {FLOOR[theirs]})"
            )


def test_the_table_names_nothing_that_is_gone():
    there = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert set(FLOOR) == there


@pytest.mark.parametrize(("library", "door"), DOORS.items(), ids=DOORS)
def test_a_library_has_one_door(library, door):
    users = {
        name_of(path)
        for path, modules in IMPORTS.items()
        if any(module.split(".")[0] == library for module in modules)
    }
    assert users == door


def test_no_stage_imports_another():
    for path, modules in IMPORTS.items():
        if path.parent.name == "stages":
            assert not [one for one in modules if one.startswith("recoverysim.stages")], path.name


def test_only_the_week_knows_the_stages():
    users = {
        name_of(path)
        for path, modules in IMPORTS.items()
        if any(module.startswith("recoverysim.stages.") for module in modules)
    }
    assert users == {"week.py"}


def test_rules_do_not_read_the_whole_of_anything():
    """Stage rules are not handed the tie table, so they cannot import what reads it either."""
    for path, modules in IMPORTS.items():
        if path.parent.name in ("stages", "mutual_aid"):
            assert not modules & {"recoverysim.ties", "recoverysim.week", "recoverysim.world"}


def test_every_public_name_is_where_it_is_looked_for():
    assert recoverysim.plugins.__name__ == "recoverysim.plugins"
    for name in set(recoverysim.__all__) - {"plugins"}:
        assert getattr(recoverysim, name).__module__.startswith("recoverysim.")
    with pytest.raises(AttributeError, match="it has"):
        _ = recoverysim.sing


def writers(column: str) -> set[str]:
    """The files (stages together) that assign to this column of a client."""
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", 0)]
            if any(ast.unparse(one) == f"client.{column}" for one in targets if one):
                found.add("stages" if path.parent.name == "stages" else path.stem)
    return found


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_the_table_of_clients_says_who_writes_each_column(column):
    assert set(column.written_by.split(", ")) == writers(column.name)
