"""An explanation for programs."""

from dataclasses import asdict
from typing import Any

from plait_gateway.planner.explaining.explanation import Explanation
from plait_gateway.query_plan.json_form import plan_as_json


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation as JSON values; plans are as `plait plan --format json` writes them."""
    return {
        "schema_version": 1,
        "labels": list(explanation.labels),
        "search": {
            "spent": explanation.spent,
            "limit": explanation.limit,
            "decisions": [asdict(decision) for decision in explanation.decisions],
        },
        "stages": [
            {
                "name": stage.name,
                "changes": list(stage.changes),
                "cost": asdict(stage.cost),
                "plan": plan_as_json(stage.plan),
            }
            for stage in explanation.stages
        ],
        "fetches": [asdict(reason) for reason in explanation.fetches],
    }
