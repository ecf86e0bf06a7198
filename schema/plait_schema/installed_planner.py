"""The query planner of an installed package, for checks: this package has none."""

from typing import cast

from plait_schema.checks.plans import ENTRY_POINTS, MakePlanner
from plait_schema.verbs import installed


def find_planner() -> tuple[MakePlanner | None, str]:
    """The planner of an installed package; without one, what to install."""
    for entry in installed(ENTRY_POINTS).values():
        try:
            return cast(MakePlanner, entry.load()), ""
        except ModuleNotFoundError as error:
            extras = ",".join(entry.extras)
            return None, f"Planning needs {error.name}: pip install 'plait[{extras}]'"
    return None, "No query planner is installed: pip install 'plait[gateway]'"
