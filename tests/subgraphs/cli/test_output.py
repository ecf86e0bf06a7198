"""What tables and times look like."""

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from subgraphs.cli.times import ago, relative
from tests.subgraphs.cli.operator import REPOSITORY

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

_TABLE = """
import click
from subgraphs.cli.output import Column, print_table

print_table(
    [Column("ID", is_number=True), Column("KEY", flexible=True), Column("ERROR", flexible=True)],
    [
        ("7", "\\x9bshort", click.style("\\x1b]0;refused\\a", fg="red")),
        ("12", "a-key-that-is-long", click.style("it was refused\\nfor many reasons", fg="red")),
    ],
)
"""


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(), "now"),
        (timedelta(seconds=1), "1 s ago"),
        (timedelta(seconds=119), "119 s ago"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=2), "2 d ago"),
        (timedelta(hours=-1), "in 60 min"),
    ],
)
def test_how_long_ago_something_was(past: timedelta, said: str) -> None:
    assert relative(NOON - past, NOON) == said
    assert ago(NOON - past, NOON).startswith(f"{said} (2026-0")


def test_a_table_in_a_pipe_is_whole_and_plain() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _TABLE], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert ran.stdout == (
        "ID  KEY                 ERROR\n"
        " 7  �short              �]0;refused�\n"
        "12  a-key-that-is-long  it was refused for many reasons\n"
    )


def test_a_table_on_a_terminal_is_coloured_and_not_wider() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "34"}
    with subprocess.Popen([sys.executable, "-c", _TABLE], cwd=REPOSITORY, env=environment, stdout=theirs):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 1024):
                shown += part
        except OSError:  # how a terminal says that nobody writes to it any more
            pass
    os.close(ours)
    assert shown.decode().splitlines() == [
        "\x1b[1mID\x1b[0m  \x1b[1mKEY\x1b[0m             \x1b[1mERROR\x1b[0m",
        " 7  �short          \x1b[31m�]0;refused�\x1b[0m",
        "12  a-key-that-is…  \x1b[31mit was refuse…\x1b[0m",
    ]
