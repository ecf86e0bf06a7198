"""The outbox in a browser: what is listed, what is shown, where links lead, and what pages must not do."""

import re
from collections.abc import MutableMapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from graphql import OperationDefinitionNode, parse

from subgraphs.contracts.notification import Template
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.mails.app import MailsApp, mails_app
from subgraphs.mails.links import link_to
from subgraphs.notification.rendering import Renderer
from subgraphs.notification.samples import preview
from subgraphs.notification.senders.files import file_outbox
from subgraphs.notification.senders.ports import Email, Push, Sms
from subgraphs.seed.demo import DEMO_LOGINS

PUBLIC_URL = "http://127.0.0.1:4000"
SENDER = "The academy <academy@academy.example>"
HREF = re.compile(r'href="([^"]+)"')


@pytest.fixture
async def app(tmp_path: Path) -> MailsApp:
    outbox, renderer = file_outbox(tmp_path, FakeClock(), sender=SENDER), Renderer(PUBLIC_URL)
    reset = preview(renderer, Template.PASSWORD_RESET)
    mail = Email("m-1", "ada@example.org", "Ada", reset.subject, reset.body.text, reset.body.html)
    await outbox.email.send(mail)
    odd = Email("m-2", "bob@example.org", "Bob", "<script>alert(1)</script>", "Text", "<p>Hello</p>")
    await outbox.email.send(odd)
    await outbox.sms.send(Sms("m-3", "+4915112345678", "Your lesson is open", FakeClock().now()))
    await outbox.push.send(Push("m-4", ("phone", "browser"), "You have paid"))
    return mails_app(tmp_path, public_url=PUBLIC_URL, logins=tuple(DEMO_LOGINS))


async def _get(app: MailsApp, target: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    parts, sent = urlsplit(target), list[MutableMapping[str, Any]]()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("nothing is read")

    scope = {
        "type": "http",
        "method": method,
        "path": parts.path,
        "query_string": parts.query.encode(),
        "headers": [],
    }
    await app(scope, receive, send)
    start, body = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], headers, body["body"].decode()


async def test_all_messages_are_listed_and_their_words_are_words(app: MailsApp) -> None:
    status, headers, page = await _get(app, "/mails")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "1 to 4 of 4" in page
    for text in ("Your lesson is open", "+4915112345678", "phone, browser", "Ada &lt;ada@example.org&gt;"):
        assert text in page
    assert "<script>alert" not in page
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=LESSON+open", {"m-3"}),
        ("q=example.org", {"m-1", "m-2"}),
        ("channel=push", {"m-4"}),
        ("q=ada&channel=sms", set()),
        ("offset=4", set()),
        ("offset=nonsense", {"m-1", "m-2", "m-3", "m-4"}),
        (f"offset={'9' * 5000}", {"m-1", "m-2", "m-3", "m-4"}),
    ],
)
async def test_a_list_can_be_narrowed(app: MailsApp, query: str, found: set[str]) -> None:
    _, _, page = await _get(app, f"/mails?{query}")
    assert set(re.findall(r'href="/mails/(m-\d)"', page)) == found
    assert bool(found) != ("Nothing like that" in page or "Nobody was told" in page)


async def test_a_message_is_shown_as_text_and_in_a_frame(app: MailsApp) -> None:
    status, _, page = await _get(app, "/mails/m-1")
    assert status == 200
    assert "Choose a" in page
    assert 'src="/mails/m-1/body"' in page
    status, headers, body = await _get(app, "/mails/m-1/body")
    assert status == 200
    assert "script-src" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert '<base target="_top">' in body
    assert all(href.startswith("/mails/to/") for href in HREF.findall(body))
    _, _, plain = await _get(app, "/mails/m-3")
    assert "iframe" not in plain
    assert (await _get(app, "/mails/m-3/body"))[0] == 404


async def test_links_of_mails_that_were_served_at_another_port_lead_here(tmp_path: Path) -> None:
    before, now = (f"http://127.0.0.1:{port}/mails/to" for port in (4000, 4711))
    reset = preview(Renderer(before), Template.PASSWORD_RESET)
    mail = Email("m-1", "ada@example.org", "Ada", reset.subject, reset.body.text, reset.body.html)
    await file_outbox(tmp_path, FakeClock(), sender=SENDER).email.send(mail)
    _, _, body = await _get(mails_app(tmp_path, public_url=now, logins=()), "/mails/m-1/body")
    assert [href.partition("?")[0] for href in HREF.findall(body)] == ["/mails/to/reset-password"]


async def test_what_is_written_meanwhile_is_there(app: MailsApp) -> None:
    await _get(app, "/mails")
    outbox = file_outbox(app.outbox.folder, FakeClock(), sender=SENDER)
    await outbox.sms.send(Sms("m-5", "+4915112345678", "One more", FakeClock().now()))
    assert "One more" in (await _get(app, "/mails"))[2]


@pytest.mark.parametrize(
    "path", ["/mails/none", "/mails/none/body", "/mails/assets/none", "/mails/a/b/c", "/x"]
)
async def test_what_is_not_there(app: MailsApp, path: str) -> None:
    assert (await _get(app, path))[0] == 404


async def test_pages_are_only_read(app: MailsApp) -> None:
    assert (await _get(app, "/mails", "POST"))[0] == 405
    status, headers, body = await _get(app, "/mails", "HEAD")
    assert (status, body) == (200, "")
    assert int(headers["content-length"]) > 1000


@pytest.mark.parametrize("template", Template)
async def test_every_link_of_every_mail_leads_somewhere(app: MailsApp, template: Template) -> None:
    html = preview(Renderer(PUBLIC_URL), template).body.html
    for href in HREF.findall(html):
        one = urlsplit(unescape(href))
        link = link_to(one.path.split("/")[1:], dict(parse_qsl(one.query)))
        assert link is not None, one.path
        [operation] = parse(link.operation).definitions
        assert isinstance(operation, OperationDefinitionNode)
        assert set(link.variables) <= {
            one.variable.name.value for one in operation.variable_definitions or ()
        }
        status, _, page = await _get(app, f"/mails/to{one.path}?{one.query}")
        assert status == 200
        assert link.title in page


async def test_a_token_is_among_the_variables_and_no_markup(app: MailsApp) -> None:
    _, _, page = await _get(app, "/mails/to/verify-email?token=%3C%2Ftextarea%3E%3Cscript%3E")
    assert "</textarea><script>" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert (await _get(app, "/mails/to/nowhere"))[0] == 404
