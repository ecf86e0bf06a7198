"""What is said of a run, to people and to programs."""

import json
from dataclasses import asdict

from tests.subgraphs.chaos.run import Outcome


def as_text(outcome: Outcome) -> str:
    lines = ["Faults"]
    names = [*outcome.faults, *outcome.mishaps, *(one.invariant for one in outcome.findings)]
    width = max(map(len, names))
    for counts in (outcome.faults, outcome.mishaps):
        lines += [f"  {kind.ljust(width)}  {count:,}" for kind, count in sorted(counts.items())]
    lines += [
        "Work",
        f"  {'commands'.ljust(width)}  {outcome.commands:,}",
        f"  {'messages handled'.ljust(width)}  {outcome.handled:,}",
        "Invariants",
    ]
    for finding in outcome.findings:
        numbers = ", ".join(f"{name} {number:,}" for name, number in finding.numbers.items())
        sign = "holds, of nothing:" if finding.is_vacuous else "holds" if finding.holds else "BROKEN"
        lines.append(f"  {finding.invariant.ljust(width)}  {sign}  {numbers}".rstrip())
        lines += [f"    {violation}" for violation in finding.violations]
    return "\n".join(lines)


def as_json(outcome: Outcome, *, seed: int, database: str, evidence: str | None) -> str:
    """One object; `evidence` is the folder of a run in which something did not hold."""
    return json.dumps(
        {
            "seed": seed,
            "database": database,
            "holds": outcome.holds,
            "faults": dict(outcome.faults),
            "mishaps": dict(outcome.mishaps),
            "commands": outcome.commands,
            "handled": outcome.handled,
            "invariants": [
                asdict(one) | {"holds": one.holds, "is_vacuous": one.is_vacuous} for one in outcome.findings
            ],
            "evidence": evidence,
        },
        indent=1,
    )
