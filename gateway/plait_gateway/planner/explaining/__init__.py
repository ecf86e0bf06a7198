"""Why a plan is as it is: what each step made of it, what the search looked at, what each fetch is for.

`explanation` watches a planning, `reasons` reads them from the fetches, `changes` compares two steps; `text`,
`json_form` and `mermaid` show what was found.
"""

from plait_gateway.planner.explaining.explanation import Explanation, Stage, explain
from plait_gateway.planner.explaining.json_form import explanation_as_json
from plait_gateway.planner.explaining.mermaid import explanation_as_mermaid
from plait_gateway.planner.explaining.text import explanation_text

__all__ = [
    "Explanation",
    "Stage",
    "explain",
    "explanation_as_json",
    "explanation_as_mermaid",
    "explanation_text",
]
