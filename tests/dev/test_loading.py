"""Code that loads, code that does not, and code that never ends."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plait_dev.loading import APPLICATION_REFUSES, Loaded, load
from plait_dev.rehearsal import rehearse
from plait_dev.settings import Settings
from plait_schema.diagnostics import Diagnostic, Severity
from tests.dev.process import REPOSITORY
from tests.dev.workshop import edit

BUILD = "workshop.application:build"
ADDRESS = "http://127.0.0.1:4711"


@pytest.fixture
def settings(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The workshop's, for processes that find what its code uses."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    return Settings(BUILD, workshop / "workshop/supergraph.yaml", workshop)


@pytest.fixture
def importable(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(workshop)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "workshop"]:
        del sys.modules[name]


async def why(settings: Settings, *, patience: float = 60) -> tuple[str, list[tuple[str | None, int]]]:
    """Why it does not load, and where."""
    problem = await rehearse(settings, Path("data"), patience=patience)
    assert isinstance(problem, Diagnostic)
    assert problem.code == "APPLICATION_NOT_LOADED"
    reason = problem.message.removeprefix(f"{settings.application} does not load: ")
    return reason, [(place.file, place.line) for place in problem.locations]


async def test_the_rehearsal_tells_the_schemas_of_the_code_as_it_is_now(settings: Settings) -> None:
    sdl = await rehearse(settings, Path("data"))
    assert not isinstance(sdl, Diagnostic)
    assert set(sdl) == {"stock", "tools"}
    edit(settings.root / "workshop/tools.py", "name: String!", "names: [String!]!")
    edited = await rehearse(settings, Path("data"))
    assert not isinstance(edited, Diagnostic)
    assert edited == {**sdl, "tools": sdl["tools"].replace("name: String!", "names: [String!]!")}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("def broken(:", "SyntaxError: invalid syntax (tools.py, line 2)"),
        ("print('é').append(1)", "AttributeError: 'NoneType' object has no attribute 'append'"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise ValueError('one\\nand another')", "ValueError: one and another"),
        ("import json; json.loads('{')", "JSONDecodeError: Expecting property name"),
    ],
)
async def test_broken_code_is_told_with_file_and_line(settings: Settings, line: str, reason: str) -> None:
    edit(settings.root / "workshop/tools.py", "SDL =", f"\n{line}\nSDL =")
    said, places = await why(settings)
    assert said.startswith(reason)
    assert places == [("workshop/tools.py", 2)]


async def test_a_process_that_dies_says_nothing_else(settings: Settings) -> None:
    edit(settings.root / "workshop/tools.py", "SDL =", "import os; os._exit(7)\nSDL =")
    assert await why(settings) == ("its process ended", [])


async def test_code_that_hangs_is_given_up(settings: Settings) -> None:
    edit(settings.root / "workshop/tools.py", "SDL =", "import time; time.sleep(3600)\nSDL =")
    assert await why(settings, patience=0.5) == ("it takes more than 0.5 seconds", [])


@pytest.mark.usefixtures("importable")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("workshop.application:construct", "AttributeError: module 'workshop.application' has no attribute"),
        ("workshop.elsewhere:build", "ModuleNotFoundError: No module named 'workshop.elsewhere'"),
        (":build", "ValueError: Empty module name"),
        ("workshop.application", "AttributeError: "),
    ],
)
def test_a_name_of_nothing_has_no_place(workshop: Path, tmp_path: Path, name: str, reason: str) -> None:
    problem = load(name, tmp_path, print, root=workshop, address=ADDRESS)
    assert isinstance(problem, Diagnostic)
    assert problem.message.startswith(f"{name} does not load: {reason}")
    assert problem.locations == ()


@pytest.mark.usefixtures("importable")
def test_loaded_code_comes_with_its_schemas(workshop: Path, tmp_path: Path) -> None:
    loaded = load(BUILD, tmp_path, print, root=workshop, address=ADDRESS)
    assert isinstance(loaded, Loaded)
    assert loaded.sdl == loaded.application.sdl
    assert set(loaded.application.subgraphs) == {"stock", "tools"}


@pytest.mark.usefixtures("importable")
def test_an_application_says_itself_what_is_wrong_with_its_settings(workshop: Path, tmp_path: Path) -> None:
    refusal = "raise __import__('click').ClickException(f'not at {address} [BAD_SETTINGS]')"
    edit(workshop / "workshop/application.py", "modules = {", f"{refusal}\n    modules = {{")
    problem = load(BUILD, tmp_path, print, root=workshop, address=ADDRESS)
    assert problem == Diagnostic(APPLICATION_REFUSES, Severity.ERROR, f"not at {ADDRESS} [BAD_SETTINGS]")
