"""What people were told, on the command line."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from subgraphs.cli.mail import mail
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.notification.senders.choosing import outbox_folder
from subgraphs.notification.senders.files import file_outbox
from subgraphs.notification.senders.ports import Email, Sms


def _write(folder: Path) -> None:
    clock = FakeClock()
    outbox = file_outbox(outbox_folder(folder), clock, sender="The academy <academy@academy.example>")

    async def write() -> None:
        await outbox.email.send(
            Email("aa-1", "ada@example.org", "Ada", "Hällo", "The text\n", "<p>The HTML</p>\n")
        )
        clock.advance(timedelta(minutes=1))
        await outbox.sms.send(Sms("bb-2", "+4915112345678", "A line", FakeClock().now()))

    asyncio.run(write())


def _run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(mail, [*arguments, "--data-dir", str(folder)])
    return result.exit_code, result.stdout, result.stderr


def test_messages_are_listed_newest_first(tmp_path: Path) -> None:
    assert _run(tmp_path, "list") == (0, "No messages.\n", "")
    _write(tmp_path)
    code, out, _ = _run(tmp_path, "list")
    assert (code, out.splitlines()) == (
        0,
        [
            "ID    WRITTEN               CHANNEL  TO                     SUBJECT",
            "bb-2  2025-09-01 08:01:00Z  sms      +4915112345678         A line",
            "aa-1  2025-09-01 08:00:00Z  email    Ada <ada@example.org>  Hällo",
        ],
    )
    assert _run(tmp_path, "list", "--limit", "1")[1].endswith("1 to 1 of 2; the next: --offset 1\n")
    listed = json.loads(_run(tmp_path, "list", "--format", "json")[1])
    assert ([one["id"] for one in listed["messages"]], listed["total"]) == (["bb-2", "aa-1"], 2)


def test_a_message_is_shown_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    _write(tmp_path)
    code, out, _ = _run(tmp_path, "show", "aa")
    assert code == 0
    assert out.endswith("\n\nThe text\n")
    assert "To       Ada <ada@example.org>" in out
    assert _run(tmp_path, "show", "aa", "--html") == (0, "<p>The HTML</p>\n", "")
    assert json.loads(_run(tmp_path, "show", "aa", "--format", "json")[1])["message"]["text"] == "The text\n"
    code, _, err = _run(tmp_path, "show", "cc")
    assert (code, err.splitlines()[-1][-16:]) == (1, "[MAIL_NOT_FOUND]")
