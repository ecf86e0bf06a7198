"""The data folder: whose it is, and what may be emptied."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from plait_dev.data_dir import claimed


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")} - {".plait"}


def test_a_new_folder_is_made_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "not/there/yet"
    with claimed(folder, reset=False) as claim:
        assert claim == folder
        assert folder.stat().st_mode & 0o077 == 0, "what is in it is nobody else's business"
        (folder / "platform.db").write_text("rows")
    with claimed(folder, reset=False):
        assert _names(folder) == {"platform.db"}


def test_reset_empties_what_plait_made(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    folder = tmp_path / "data"
    with claimed(folder, reset=True):
        (folder / "platform.db").touch()
        (folder / "keys").mkdir()
        (folder / "keys/one").touch()
        (folder / "link").symlink_to(outside)
    with claimed(folder, reset=True):
        assert _names(folder) == set()
    assert _names(outside) == {"kept"}


def test_files_of_others_are_never_deleted(tmp_path: Path) -> None:
    """Not at the first start in their folder, and not after plait has been at home there for a while."""
    (tmp_path / "thesis.odt").touch()
    refusal = f"--reset refused: {tmp_path} held other files before plait came to it"
    for _ in range(2):
        with pytest.raises(click.ClickException) as refused, claimed(tmp_path, reset=True):
            pass
        assert refused.value.message == refusal
        with claimed(tmp_path, reset=False):
            (tmp_path / "platform.db").touch()
    assert _names(tmp_path) == {"thesis.odt", "platform.db"}


def test_one_process_at_a_time(tmp_path: Path) -> None:
    claim = (
        "from pathlib import Path; from plait_dev.data_dir import claimed\n"
        f"with claimed(Path({str(tmp_path)!r}), reset=True): print('mine')"
    )
    (tmp_path / ".plait").touch()  # left by a process that died before it wrote
    with claimed(tmp_path, reset=False):
        (tmp_path / "platform.db").touch()
        other = subprocess.run([sys.executable, "-c", claim], capture_output=True, text=True, check=False)
        assert (
            f"the data folder {tmp_path} is in use by another plait (process {os.getpid()})" in other.stderr
        )
        assert _names(tmp_path) == {"platform.db"}
    other = subprocess.run([sys.executable, "-c", claim], capture_output=True, text=True, check=False)
    assert other.stdout == "mine\n"
    assert _names(tmp_path) == set()


@pytest.mark.parametrize(
    ("below", "complaint"),
    [("", "the data folder {} is not a folder"), ("data", "cannot write to the data folder {}: ")],
)
def test_what_cannot_be_a_folder_is_one_clear_line(tmp_path: Path, below: str, complaint: str) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(click.ClickException) as refused, claimed(file / below, reset=False):
        pass
    assert refused.value.message.startswith(complaint.format(file / below))
    assert "\n" not in refused.value.message


def test_the_errors_of_a_run_are_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), claimed(tmp_path, reset=False):
        (tmp_path / "nothing").read_text()
