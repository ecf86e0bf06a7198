"""`plait mail`: the messages to people that were written to files instead of being sent."""

from pathlib import Path
from typing import Any

import click

from subgraphs.cli.opening import data_dir_option
from subgraphs.cli.output import (
    Column,
    Format,
    format_option,
    print_fields,
    print_json,
    refuse,
)
from subgraphs.cli.pages import limit_option, offset_option, print_page
from subgraphs.kernel.domain import DomainError, Page
from subgraphs.notification.senders.choosing import outbox_folder
from subgraphs.notification.senders.files import Outbox, Written

_COLUMNS = (
    Column("ID"),
    Column("WRITTEN"),
    Column("CHANNEL"),
    Column("TO", flexible=True),
    Column("SUBJECT", flexible=True),
)
_HELP = {"help_option_names": ["-h", "--help"]}
_NOT_FOUND = DomainError("MAIL_NOT_FOUND", "There is no message of this id, or several begin with it")


@click.group(context_settings=_HELP)
def mail() -> None:
    """Look at what people were told: mails, text messages and pushes.

    Without PLAIT_SMTP_URL mails are files in the data folder, which mail programs open.

    \b
    Exit codes:
      0  done
      1  refused: there is no such message
      3  bad usage
    """


@mail.command(name="list", context_settings=_HELP)
@limit_option
@offset_option
@data_dir_option
@format_option
def list_(limit: int, offset: int, data_dir: Path, format_: Format) -> None:
    """List messages, the newest first.

    \b
    Example:
      plait mail list --limit 5
    """
    written = Outbox(outbox_folder(data_dir)).read()
    page = Page(tuple(written[offset : offset + limit]), len(written), offset, limit)
    print_page(page, "messages", _COLUMNS, row=_row, json=_json, format_=format_)


@mail.command(context_settings=_HELP)
@click.argument("id_", metavar="ID")
@click.option("--html", is_flag=True, help="The HTML, for a browser.")
@data_dir_option
@format_option
def show(id_: str, html: bool, data_dir: Path, format_: Format) -> None:
    """Show a message by its id, or by the beginning of it.

    \b
    Examples:
      plait mail show 2f1c8f5e
      plait mail show 2f1c8f5e --html > mail.html
    """
    found = [one for one in Outbox(outbox_folder(data_dir)).read() if one.id.startswith(id_)]
    if len(found) != 1:
        refuse(_NOT_FOUND, format_)
    [one] = found
    if format_ is Format.JSON:
        print_json({"message": {**_json(one), "text": one.body("plain"), "html": one.body("html")}})
        return
    if html:
        click.echo(one.body("html"), nl=False)
        return
    print_fields(
        {
            "Id": one.id,
            "Written": _time(one),
            "Channel": one.channel,
            "From": one.message["From"],
            "To": one.to,
            "Subject": one.message["Subject"],
        }
    )
    click.echo(f"\n{one.body('plain') or ''}", nl=False)


def _row(one: Written) -> tuple[str, ...]:
    return one.id, _time(one), one.channel, one.to, one.line


def _json(one: Written) -> dict[str, Any]:
    return {
        "id": one.id,
        "written_at": one.at.isoformat(),
        "channel": one.channel,
        "to": one.to,
        "subject": one.message["Subject"],
    }


def _time(one: Written) -> str:
    return f"{one.at:%Y-%m-%d %H:%M:%SZ}"
