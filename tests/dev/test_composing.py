"""From the subgraphs to the graph that is served."""

from pathlib import Path

import pytest

from plait_dev.composing import bring_files_up_to_date, serve_composed, subgraph_sources
from plait_gateway.supergraph import Notices, SupergraphHolder
from plait_schema.subgraph import SubgraphSource

TOOLS = 'type Query { tools: [Tool] }\ntype Tool @key(fields: "id") { id: ID! name: String }\n'
STOCK = 'type Tool @key(fields: "id") { id: ID! left: Int }\n'
STOCK_WITH_OTHER_NAME = STOCK.replace("left", "name: Int left")


def sources(stock: str = STOCK) -> tuple[SubgraphSource, ...]:
    """Two subgraphs."""
    return (
        SubgraphSource("stock", "http://stock", stock, "stock.graphql"),
        SubgraphSource("tools", "http://tools", TOOLS, "tools.graphql"),
    )


def test_a_graph_that_composes_is_served_and_clears_what_was_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    holder, notices = SupergraphHolder(), Notices()
    assert not serve_composed(sources(STOCK_WITH_OTHER_NAME), holder, notices)
    assert "FIELD_TYPE_MISMATCH" in [notice.code for notice in notices.current]
    assert "stock.graphql:1:40 FIELD_TYPE_MISMATCH" in capsys.readouterr().err
    assert holder.current is None

    assert serve_composed(sources(), holder, notices)
    assert notices.current == ()
    assert capsys.readouterr().err == ""
    assert holder.current is not None


def test_a_graph_that_does_not_compose_leaves_the_old_one() -> None:
    holder, notices = SupergraphHolder(), Notices()
    assert serve_composed(sources(), holder, notices)
    old = holder.current
    assert not serve_composed(sources(STOCK_WITH_OTHER_NAME), holder, notices)
    assert holder.current is old


def test_running_code_is_believed_and_its_exported_schema_brought_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configuration = tmp_path / "supergraph.yaml"
    configuration.write_text(
        "subgraphs:\n"
        "  stock: {routing_url: http://stock, schema: {file: stock.graphql}}\n"
        "  tools: {routing_url: http://tools, schema: {file: tools.graphql}}\n"
    )
    (tmp_path / "stock.graphql").write_text("type Query { old: Int }")
    (tmp_path / "tools.graphql").write_text(TOOLS)
    live = {"stock": STOCK, "unlisted": "type Query { nobody: Int }"}
    sdl = {source.name: source.sdl for source in subgraph_sources(configuration, live)}
    assert sdl == {"stock": STOCK, "tools": TOOLS}

    bring_files_up_to_date(subgraph_sources(configuration), live)
    assert (tmp_path / "stock.graphql").read_text() == STOCK
    assert capsys.readouterr().out == f"  {tmp_path / 'stock.graphql'} brought up to date with the code\n"
    bring_files_up_to_date(subgraph_sources(configuration), live)
    assert capsys.readouterr().out == ""


def test_an_exported_schema_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_files_up_to_date([SubgraphSource("stock", "http://stock", "", str(tmp_path))], {"stock": STOCK})
    assert capsys.readouterr().err == f"  {tmp_path} is out of date and cannot be written: Is a directory\n"
