"""How `plait dev` starts, does not start, and stops."""

import signal
from pathlib import Path

import pytest

from plait_gateway.server.run import listen
from tests.dev.process import Ended, ask, fails_to_start, plait_dev
from tests.dev.workshop import ACROSS, ACROSS_DATA, edit

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@SIGNALS
def test_it_stops_while_it_serves(workshop: Path, tmp_path: Path, number: signal.Signals) -> None:
    with plait_dev(workshop, tmp_path / "data") as process:
        process.is_ready()
        ended = process.stops(number)
    assert (ended.status, ended.output.splitlines()[-1]) == (0, "Stopped.")
    assert "Traceback" not in ended.output


@SIGNALS
def test_it_stops_while_it_seeds(academy_code: Path, tmp_path: Path, number: signal.Signals) -> None:
    with plait_dev(academy_code, tmp_path / "data", in_background=True) as process:
        process.says("Seeding the academy")
        ended = process.stops(number)
    assert (ended.status, ended.output.splitlines()[-1]) == (130, "Stopped.")
    assert "Traceback" not in ended.output


def test_it_runs_from_any_folder_and_keeps_its_data_beside_its_configuration(
    workshop: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    arguments = ("--config", str(workshop / "plait.yaml"), "--host", "localhost")
    with plait_dev(workshop, None, *arguments, cwd=elsewhere) as process:
        url = process.is_ready()
        assert ask(url, ACROSS) == {"data": ACROSS_DATA}
        edit(workshop / "workshop/tools.py", "name: String!", "name: String!\n  grams: Int!")
        process.says("reloaded")
        assert "errors" not in ask(url, "{ tools { grams } }")
    assert list(elsewhere.iterdir()) == []
    assert (workshop / ".plait/.plait").exists()


def test_a_busy_port_is_one_clear_line_and_costs_no_data(workshop: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with plait_dev(workshop, data) as process:
        process.is_ready()
        process.stops()
    (data / "platform.db").touch()
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ended = fails_to_start(workshop, "--port", str(port), "--data-dir", str(data), "--reset")
    assert ended == Ended(3, f"Error: port {port} is in use; choose another with --port")
    assert (data / "platform.db").exists()


def test_a_second_one_on_the_same_data_is_one_clear_line(workshop: Path, tmp_path: Path) -> None:
    with plait_dev(workshop, tmp_path) as process:
        process.is_ready()
        ended = fails_to_start(workshop, "--port", "0", "--data-dir", str(tmp_path))
        owner = process.process.pid
    assert ended == Ended(
        3, f"Error: the data folder {tmp_path} is in use by another plait (process {owner})"
    )


def test_a_folder_that_cannot_be_written_is_one_clear_line(workshop: Path) -> None:
    folder = workshop / "plait.yaml" / "data"
    ended = fails_to_start(workshop, "--port", "0", "--data-dir", str(folder))
    assert ended == Ended(3, f"Error: cannot write to the data folder {folder}: Not a directory")


def test_a_database_that_is_none_is_one_clear_line(academy_code: Path, tmp_path: Path) -> None:
    (tmp_path / "platform.db").write_text("not a database, and long enough to be looked at as one" * 100)
    ended = fails_to_start(academy_code, "--port", "0", "--data-dir", str(tmp_path))
    reason = "file is not a database; --reset begins anew"
    assert ended == Ended(3, f"Error: cannot use what is stored in {tmp_path}: {reason}")


def test_a_database_that_is_nowhere_is_one_clear_line(
    academy_code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAIT_DATABASE_URL", "postgresql://somebody:secret@somewhere:port/else")
    ended = fails_to_start(academy_code, "--port", "0", "--data-dir", str(tmp_path))
    assert (ended.status, len(ended.output.splitlines())) == (3, 1)
    assert ended.output.startswith("Error: PLAIT_DATABASE_URL ")
    assert ended.output.endswith("[BAD_DATABASE_URL]")
    assert "secret" not in ended.output


def test_a_host_that_is_none_is_one_clear_line(workshop: Path) -> None:
    ended = fails_to_start(workshop, "--allowed-host", "http://dev.example")
    assert ended.status == 3
    assert "'http://dev.example' is not the name of a host" in ended.output


def test_without_a_configuration_there_is_one_clear_line(tmp_path: Path) -> None:
    reason = "No such file or directory; name another with --config"
    assert fails_to_start(tmp_path) == Ended(3, f"Error: cannot read plait.yaml: {reason}")


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "workshop/tools.py",
            "SDL =",
            "SDL ==",
            "workshop/tools.py:1:1 APPLICATION_NOT_LOADED workshop.application:build does not load:"
            " NameError: name 'SDL' is not defined",
        ),
        (
            "plait.yaml",
            "workshop.application:build",
            "workshops:build",
            "APPLICATION_NOT_LOADED workshops:build does not load:"
            " ModuleNotFoundError: No module named 'workshops'",
        ),
        (
            "plait.yaml",
            "workshop/supergraph.yaml",
            "workshop/graph.yaml",
            "workshop/graph.yaml cannot be read: No such file or directory.",
        ),
        (
            "plait.yaml",
            "workshop/supergraph.yaml",
            "nowhere/supergraph.yaml",
            "cannot watch nowhere, workshop for edits: ",
        ),
    ],
)
def test_an_application_that_is_none_is_one_clear_line(
    workshop: Path, file: str, old: str, new: str, line: str
) -> None:
    edit(workshop / file, old, new)
    ended = fails_to_start(workshop, "--port", "0")
    assert ended.status == 3
    (error,) = [said for said in ended.output.splitlines() if "nobody's business" not in said]
    assert error.startswith(f"Error: {line}")


def test_code_broken_after_its_rehearsal_is_waited_for(workshop: Path, tmp_path: Path) -> None:
    """As a reload starts: with the socket of the process before, and code that nobody has tried."""
    edit(workshop / "workshop/tools.py", "SDL =", "SDL ==")
    with listen("127.0.0.1", 0) as before:
        url = f"http://127.0.0.1:{before.getsockname()[1]}/graphql"
        with plait_dev(workshop, tmp_path / "data", inherited=before) as process:
            process.says("workshop/tools.py:1:1 APPLICATION_NOT_LOADED")
            process.says("waiting for the next edit ...")
            edit(workshop / "workshop/tools.py", "SDL ==", "SDL =")
            assert ask(url, ACROSS) == {"data": ACROSS_DATA}
            process.says("reloaded")
            assert process.stops().status == 0
