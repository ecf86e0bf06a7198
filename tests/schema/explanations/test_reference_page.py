"""docs/codes.md says what the table of codes and its explanations say."""

from pathlib import Path

from plait_schema.diagnostics import CODES
from plait_schema.explanations import explanation_as_markdown, explanation_of, reference_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "codes.md"


def test_the_page_is_up_to_date(update: bool) -> None:
    if update:
        PAGE.write_text(reference_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == reference_page()


def test_the_page_has_every_code_once_in_the_tables_and_once_explained() -> None:
    lines = reference_page().splitlines()
    for code in CODES:
        assert sum(line.startswith(f"| [{code}](#{code.lower()}) |") for line in lines) == 1
        assert lines.count(f"### {code}") == 1


def test_an_entry() -> None:
    entry = explanation_as_markdown(explanation_of("UNUSED_ENUM_TYPE"))
    assert entry.splitlines()[:13] == [
        "# UNUSED_ENUM_TYPE",
        "",
        "**Hint.** An enum is used nowhere. The enum is kept in the supergraph as it is. Most likely what"
        " used it is gone, or a field was meant to be of this type.",
        "",
        "## Example",
        "",
        "`courses`:",
        "",
        "```graphql",
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")',
        "",
        "type Query {",
        "  courses: [String]",
    ]
