"""What is shown of the place that a finding is about."""

import pytest

from plait_schema.commands.excerpts import Excerpts
from plait_schema.diagnostics import Location


def _shown(sdl: str, line: int, column: int) -> list[str]:
    return list(Excerpts(sdl).at(Location("courses", None, line, column)))


@pytest.mark.parametrize(
    ("column", "mark"), [(1, "^^^^"), (6, "^^^^^"), (12, "^^^^"), (16, "^"), (28, "^"), (99, "^")]
)
def test_a_name_is_marked_whole(column: int, mark: str) -> None:
    line, marks = _shown('type Query @key(fields: "id")', 1, column)
    assert line == '1 | type Query @key(fields: "id")'
    assert marks == "  | " + " " * (column - 1) + mark


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_locations(line_end: str) -> None:
    sdl = f"\ufefftype Query {{{line_end}{line_end}\ta: Unknown{line_end}}}"
    assert _shown(sdl, 3, 5) == ["3 |  a: Unknown", "  |     ^^^^^^^"]


def test_a_long_line_is_shown_around_the_place() -> None:
    sdl = "type Query { " + " ".join(f"field{number}: Int" for number in range(1000)) + " }"
    line, mark = _shown(sdl, 1, sdl.index("field500") + 1)
    assert len(line) < 110
    assert line[mark.index("^") : mark.rindex("^") + 1] == "field500"


def test_the_end_of_a_long_name_is_not_shown() -> None:
    line, mark = _shown("type " + "A" * 500, 1, 6)
    assert len(line) < 110
    assert len(mark) < 110


def test_nothing_reaches_the_terminal_that_it_would_act_on() -> None:
    (line, _) = _shown("type Query { a: Int } # \x1b[2J\x07\u009b31m", 1, 1)
    assert line == "1 | type Query { a: Int } # \ufffd[2J\ufffd\ufffd31m"


def test_the_end_of_the_text_and_what_is_beyond_it() -> None:
    assert _shown("type Query {\n", 2, 1) == ["2 | ", "  | ^"]
    assert _shown("type Query {\n", 3, 1) == []
