"""What each code of the table means, with an example and its mend: for terminals, pages and programs."""

from plait_schema.explanations.markdown import explanation_as_markdown, reference_page
from plait_schema.explanations.reading import (
    ExampleSchema,
    Explanation,
    Passage,
    code_as_json,
    codes_by_severity,
    explanation_of,
)
from plait_schema.explanations.terminal import code_lines, explanation_lines

__all__ = [
    "ExampleSchema",
    "Explanation",
    "Passage",
    "code_as_json",
    "code_lines",
    "codes_by_severity",
    "explanation_as_markdown",
    "explanation_lines",
    "explanation_of",
    "reference_page",
]
