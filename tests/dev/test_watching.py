"""What is an edit, and what it calls for."""

from pathlib import Path

import click
import pytest

from plait_dev.watching import Weight, edit, watched

A_PY, B_PY, SDL, YAML = (Path(name) for name in ("a.py", "b.py", "c.graphql", "d.yaml"))


@pytest.mark.parametrize(
    ("files", "weight"),
    [([SDL], Weight.SCHEMA), ([YAML, SDL], Weight.SCHEMA), ([A_PY], Weight.CODE), ([SDL, A_PY], Weight.CODE)],
)
def test_the_weightiest_file_decides(files: list[Path], weight: Weight) -> None:
    assert edit(files).weight is weight


def test_files_are_told_once_and_in_order() -> None:
    assert edit([B_PY, A_PY, B_PY]).files == (A_PY, B_PY)


async def test_only_sources_are_watched(tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    async with watched(tmp_path) as edits:
        for name in ("platform.db", "notes.txt", "context/__pycache__", ".git"):
            path = tmp_path / name
            if "." in name[1:]:
                path.write_text("not a source")
            else:
                path.mkdir()
                (path / "generated.py").write_text("not edited by anybody")
        (tmp_path / "context/api.py").write_text("edited")
        assert await edits.get() == edit([tmp_path / "context/api.py"])
        assert edits.empty()


async def test_what_is_saved_before_anybody_looks_is_not_lost(tmp_path: Path) -> None:
    async with watched(tmp_path) as edits:
        (tmp_path / "supergraph.yaml").write_text("saved at once")
        assert (await edits.get()).files == (tmp_path / "supergraph.yaml",)
        (tmp_path / "supergraph.yaml").unlink()
        assert await edits.get() == edit([tmp_path / "supergraph.yaml"])


async def test_a_folder_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    with pytest.raises(click.ClickException) as refused:
        async with watched(folder):
            pass
    assert refused.value.message.startswith(f"cannot watch {folder} for edits: ")
