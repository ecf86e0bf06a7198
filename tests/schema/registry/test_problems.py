"""The README's table of problems is the table of the code."""

from importlib.resources import files

from plait_schema.registry.errors import PROBLEMS


def test_the_table_is_in_the_readme() -> None:
    readme = (files("plait_schema.registry") / "README.md").read_text(encoding="utf-8")
    rows = [f"| `{one.code}` | {one.status} | {one.meaning} |" for one in PROBLEMS]
    table = readme.partition("## Problems")[2].partition("## Inside")[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == rows
