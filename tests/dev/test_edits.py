"""What becomes of edits while `plait dev` runs."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

import pytest

from tests.dev.process import PlaitDev, ask, notices, plait_dev
from tests.dev.workshop import ACROSS, ACROSS_DATA, edit

pytestmark = pytest.mark.long

GRAMS = ("name: String!", "name: String!\n  grams: Int!")
ACROSS_WITH_GRAMS = "{ tools { grams left } }"
ACROSS_DATA_WITH_GRAMS = {"tools": [{"grams": 1800, "left": 3}, {"grams": 900, "left": 0}]}


@pytest.fixture
def running(workshop: Path, tmp_path: Path) -> Iterator[PlaitDev]:
    """The workshop, answering."""
    with plait_dev(workshop, tmp_path / "data") as process:
        process.is_ready()
        yield process


class Customer:
    """Somebody who keeps asking, on a new connection each time, and notes what goes wrong."""

    def __init__(self, url: str) -> None:
        self.answers = 0
        self.troubles: list[Any] = []
        self._url = url
        self._enough = Event()
        self._thread = Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._enough.is_set():
            try:
                response = ask(self._url, ACROSS)
            except OSError as error:
                self.troubles.append(error)
            else:
                self.answers += 1
                if response != {"data": ACROSS_DATA}:
                    self.troubles.append(response)


def test_edited_code_is_loaded_and_nobody_is_refused_meanwhile(workshop: Path, running: PlaitDev) -> None:
    with Customer(running.url) as customer:
        edit(workshop / "workshop/tools.py", *GRAMS)
        running.says("edited: workshop/tools.py")
        running.says("composed; reloading ...")
        running.says("reloaded")
        assert ask(running.url, ACROSS_WITH_GRAMS) == {"data": ACROSS_DATA_WITH_GRAMS}
        edit(workshop / "workshop/tools.py", *reversed(GRAMS))
        running.says("reloaded")
    assert customer.troubles == []
    assert customer.answers > 0
    assert "errors" in ask(running.url, ACROSS_WITH_GRAMS)
    assert (workshop / "workshop/tools.graphql").read_text().count("grams") == 0
    ended = running.stops()
    assert (ended.status, ended.output.count("plait is ready")) == (0, 1)


def test_broken_python_is_shown_with_its_line_and_the_old_graph_goes_on(
    workshop: Path, running: PlaitDev
) -> None:
    file = workshop / "workshop/tools.py"
    edit(file, "RESOLVERS =", "RESOLVERS == {}\n_ =")
    assert "workshop/tools.py:13:1 APPLICATION_NOT_LOADED" in running.says("NameError")
    (notice,) = notices(running.url)
    assert (notice["severity"], notice["code"]) == ("error", "APPLICATION_NOT_LOADED")
    assert "NameError: name 'RESOLVERS' is not defined" in notice["message"]
    assert [(at["file"], at["line"]) for at in notice["locations"]] == [("workshop/tools.py", 13)]
    assert ask(running.url, ACROSS) == {"data": ACROSS_DATA}

    edit(file, "RESOLVERS == {}\n_ =", "RESOLVERS =")
    running.says("reloaded")
    assert notices(running.url) == []
    assert ask(running.url, ACROSS) == {"data": ACROSS_DATA}


def test_code_that_does_not_compose_is_shown_with_its_codes_until_it_does(
    workshop: Path, running: PlaitDev
) -> None:
    mismatch = ("id: ID!\n  left: Int!", "id: ID!\n  name: Int!\n  left: Int!")
    edit(workshop / "workshop/stock.py", *mismatch)
    said = running.says("FIELD_TYPE_MISMATCH")
    assert "Tool.name" in said
    assert "stock" in said
    assert "FIELD_TYPE_MISMATCH" in {notice["code"] for notice in notices(running.url)}
    assert ask(running.url, ACROSS) == {"data": ACROSS_DATA}

    edit(workshop / "workshop/stock.py", *reversed(mismatch))
    running.says("reloaded")
    assert notices(running.url) == []
    assert ask(running.url, ACROSS) == {"data": ACROSS_DATA}


def test_an_edited_schema_is_composed_without_a_reload(workshop: Path, running: PlaitDev) -> None:
    schema = workshop / "workshop/tools.graphql"
    edit(schema, "name: String!", "name: Strin!")
    assert "tools.graphql:8:9 " in running.says("INVALID_GRAPHQL")
    assert {notice["code"] for notice in notices(running.url)} == {"INVALID_GRAPHQL"}

    edit(schema, "name: Strin!", "name: String!\n  colour: String")
    running.says("now serving the new graph")
    assert notices(running.url) == []
    introspection = '{ __type(name: "Tool") { fields { name } } }'
    fields = ask(running.url, introspection)["data"]["__type"]["fields"]
    assert {"name": "colour"} in fields
    assert "reloading" not in running.output


def test_a_list_of_subgraphs_that_cannot_be_read_is_shown_until_it_can(
    workshop: Path, running: PlaitDev
) -> None:
    file = workshop / "workshop/supergraph.yaml"
    edit(file, "file: stock.graphql", "file: stocks.graphql")
    running.says("SUBGRAPHS_NOT_READ")
    (notice,) = notices(running.url)
    assert "stocks.graphql cannot be read" in notice["message"]
    assert ask(running.url, ACROSS) == {"data": ACROSS_DATA}

    edit(file, "file: stocks.graphql", "file: stock.graphql")
    running.says("now serving the new graph")
    assert notices(running.url) == []


def test_code_waits_for_the_schema_that_it_needs(workshop: Path, running: PlaitDev) -> None:
    """A subgraph that is in the list but not in the code is served elsewhere: its file is its schema."""
    edit(workshop / "workshop/supergraph.yaml", "tools.graphql}", "tools.graphql}\n" + _ELSEWHERE)
    running.says("SUBGRAPHS_NOT_READ")
    edit(workshop / "workshop/tools.py", *GRAMS)
    running.says("SUBGRAPHS_NOT_READ")
    (workshop / "workshop/shelves.graphql").write_text("type Query { shelves: Int }\n")
    running.says("reloaded")
    assert ask(running.url, ACROSS_WITH_GRAMS) == {"data": ACROSS_DATA_WITH_GRAMS}


_ELSEWHERE = """\
  shelves:
    routing_url: http://127.0.0.1:1/shelves
    schema: {file: shelves.graphql}
"""


def test_a_subgraph_that_does_not_compose_at_the_start_can_be_mended(workshop: Path, tmp_path: Path) -> None:
    edit(workshop / "workshop/stock.py", "left: Int!", "left: Int!\n  name: Int!")
    with plait_dev(workshop, tmp_path / "data") as process:
        process.says("FIELD_TYPE_MISMATCH")
        url = process.is_ready()
        assert "data" not in ask(url, ACROSS)
        assert "FIELD_TYPE_MISMATCH" in {notice["code"] for notice in notices(url)}
        edit(workshop / "workshop/stock.py", "  name: Int!\n", "")
        process.says("reloaded")
        assert ask(url, ACROSS) == {"data": ACROSS_DATA}


def test_stopping_wins_over_reloading(workshop: Path, running: PlaitDev) -> None:
    edit(workshop / "workshop/tools.py", *GRAMS)
    running.says("reloading ...")
    ended = running.stops()
    assert ended.status in (0, 130)
    assert ended.output.endswith("Stopped.")
    assert "Traceback" not in ended.output
