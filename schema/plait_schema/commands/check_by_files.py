"""`plait check` against files: everything that it needs is read here, and nobody is asked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from plait_schema.checks import CheckRequest, CheckSettings, Report
from plait_schema.checks import check as check_proposal
from plait_schema.commands.check_input import read_against, read_approvals_file, read_operations
from plait_schema.commands.deadline import Deadline, TimedOut
from plait_schema.commands.progress import Progress
from plait_schema.commands.proposals import Proposal, read_proposal
from plait_schema.commands.supergraphs import unusable_supergraph
from plait_schema.garbage_collection import collect_rarely
from plait_schema.installed_planner import find_planner
from plait_schema.sources import SourceTimeoutError
from plait_schema.supergraph import SupergraphError

_TIMED_OUT = 2


@dataclass(frozen=True, slots=True)
class CheckFiles:
    """What is published, and what is known of clients and of what was approved."""

    against: str
    operations: tuple[Path, ...]
    usage: tuple[Path, ...]
    approvals: Path | None


def check_by_files(
    proposal: Proposal, files: CheckFiles, settings: CheckSettings, *, timeout: float, at: Progress
) -> Report:
    """The report on a proposal; click.ClickException for input that is none, and Exit when time is up."""
    collect_rarely()
    deadline = Deadline(timeout)

    def on_step(what: str, number: int, of: int) -> None:
        at.tell(what, number, of)
        deadline.keep_going()

    try:
        at.tell("Reading files")
        published = read_against(files.against, timeout=deadline.left)
        proposed = read_proposal(proposal, published, timeout=deadline.left)
        is_traffic_known = bool(files.operations or files.usage)
        make_planner, no_planner = find_planner()
        request = CheckRequest(
            subject=proposed.subject,
            proposed=proposed.sources,
            deleted=proposed.deleted,
            published=published.sources,
            now=datetime.now(UTC),
            supergraph_sdl=published.supergraph_sdl,
            contracts=proposed.contracts or published.contracts,
            operations=read_operations(files.operations, files.usage) if is_traffic_known else None,
            approvals=read_approvals_file(files.approvals) if files.approvals is not None else {},
            settings=settings,
            make_planner=make_planner,
            no_planner=no_planner,
            on_step=on_step,
        )
        report = check_proposal(request)
        deadline.keep_going()
    except (SourceTimeoutError, TimedOut) as error:
        error.show()
        raise click.exceptions.Exit(_TIMED_OUT) from error
    except SupergraphError as error:
        raise unusable_supergraph(files.against, error) from error
    return report
