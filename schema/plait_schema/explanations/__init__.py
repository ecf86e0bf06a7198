"""What each code of the table means, with an example and its mend: for terminals, pages and programs."""

from plait_schema.explanations.markdown import explanation_as_markdown, reference_page
from plait_schema.explanations.reading import (
    ExampleInput,
    ExampleSchema,
    Explanation,
    Passage,
    code_as_json,
    explanation_of,
    tables,
)
from plait_schema.explanations.terminal import code_lines, explanation_lines

__all__ = [
    "ExampleInput",
    "ExampleSchema",
    "Explanation",
    "Passage",
    "code_as_json",
    "code_lines",
    "explanation_as_markdown",
    "explanation_lines",
    "explanation_of",
    "reference_page",
    "tables",
]
