"""Checks by the registry: over HTTP, from the command line, and on its pages."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plait_schema.checks import CheckSettings
from plait_schema.registry.client import ClientError, RegistryClient
from plait_schema.registry.model import Origin, VariantId
from plait_schema.registry.opening import OpenRegistry
from plait_schema.subgraph import SubgraphSource
from tests.schema.registry.running import RunningRegistry, running_registry
from tests.schema.registry.shop import BROKEN, reviews, users
from tests.schema.registry.test_commands import Command
from tests.schema.registry.test_http import code_of
from tests.schema.registry.test_pages import Visitor

PROD = "/api/graphs/shop/variants/prod"
WITHOUT_NAME = SubgraphSource("users", "http://users/graphql", users().sdl.replace("name: String", ""))
WITHOUT_EMAIL = users()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRegistry]:
    """A registry with a graph of which the name of users is asked for, and their email is not."""
    with running_registry(tmp_path_factory.mktemp("registry")) as registry:
        entries = [
            {"name": one.name, "routingUrl": one.url, "sdl": one.sdl}
            for one in (users("email: String"), reviews())
        ]
        registry.client.post(f"{PROD}/publish", {"subgraphs": entries})
        now = datetime.now(UTC).isoformat()
        record = {
            "operation": {"name": "Me", "document": "query Me { me { name } }"},
            "client": {"name": "web", "version": "2"},
            "requests": 100,
            "from": now,
            "to": now,
        }
        report = {"format": "plait-usage", "version": 1, "report": "report-1", "records": [record]}
        registry.client.post(f"{PROD}/usage", report)
        yield registry


@pytest.fixture
def client(running: RunningRegistry) -> RegistryClient:
    return running.client


def check(client: RegistryClient, proposed: SubgraphSource | None, **more: Any) -> Any:
    body = {"subgraph": "users", "sdl": proposed.sdl if proposed else None, **more}
    return client.post(f"{PROD}/checks", body)


def found(answer: Any, section: str) -> dict[str, str]:
    """Severities of the findings of a section, by code."""
    (one,) = [each for each in answer["report"]["sections"] if each["name"] == section]
    return {finding["code"]: finding["severity"] for finding in one["findings"]}


def test_what_clients_use_breaks_and_what_they_do_not_use_does_not(client: RegistryClient) -> None:
    used = check(client, WITHOUT_NAME)
    assert (used["outcome"], found(used, "changes")["FIELD_REMOVED"]) == ("failed", "error")
    assert "OPERATION_NO_LONGER_VALID" in found(used, "operations")
    assert "SUBGRAPH_URL_CHANGED" not in found(used, "changes")  # it is served where it was
    unused = check(client, WITHOUT_EMAIL)
    assert (unused["outcome"], found(unused, "changes")["FIELD_REMOVED"]) == ("passed", "hint")
    assert client.get(f"{PROD}/checks/{unused['number']}")["report"] == unused["report"]
    numbers = [one["number"] for one in client.get(f"{PROD}/checks")["checks"]]
    assert numbers == sorted(numbers, reverse=True)


def test_what_does_not_compose_fails(client: RegistryClient) -> None:
    latest = client.get(PROD)["latest"]
    body = {"subgraph": "reviews", "sdl": BROKEN.sdl}
    answer = client.post(f"{PROD}/checks", body)
    assert found(answer, "compose") == {"INVALID_GRAPHQL": "error"}
    assert client.get(PROD)["latest"] == latest  # nothing was published


async def test_checks_are_listed_without_their_reports(held: OpenRegistry) -> None:
    prod = VariantId("shop", "prod")
    await held.registry.publish(prod, [users()], by="ci")
    settings, origin = CheckSettings(), Origin("ada")
    made = await held.checks.check(prod, "users", BROKEN, settings=settings, by="ci", origin=origin)
    (line,) = await held.checks.store.history(prod, before=None, limit=9)
    assert (line.number, line.outcome, line.counts["error"], line.origin) == (1, "failed", 1, origin)
    assert not hasattr(line, "report")
    assert (await held.checks.store.check(prod, 1)).report == made.record.report


def test_deleting_a_subgraph_is_checked_too(client: RegistryClient) -> None:
    answer = client.post(f"{PROD}/checks", {"subgraph": "reviews", "sdl": None})
    assert found(answer, "changes")["FIELD_REMOVED"] == "hint"


def test_an_approved_finding_does_not_fail_again(client: RegistryClient) -> None:
    broken = SubgraphSource("users", "http://users/graphql", users().sdl.replace("name: String", "name: Int"))
    answer = check(client, broken)
    assert answer["outcome"] == "failed"
    fingerprints = {
        finding["fingerprint"]
        for section in answer["report"]["sections"]
        for finding in section["findings"]
        if finding["severity"] == "error"
    }
    given = client.post(f"{PROD}/approvals", {"check": answer["number"], "reason": "nobody reads it"})
    assert {one["finding"] for one in given["approvals"]} == {"FIELD_CHANGED_TYPE User.name"}
    one_more = {"check": answer["number"], "fingerprints": ["0123456789abcdef"], "reason": "no"}
    assert code_of(client, "POST", f"{PROD}/approvals", one_more) == "NOT_FOUND"
    assert code_of(client, "POST", f"{PROD}/approvals", {"reason": "no"}) == "INVALID_REQUEST"
    assert check(client, broken)["outcome"] == "passed"
    assert {one["fingerprint"] for one in client.get(f"{PROD}/approvals")["approvals"]} == fingerprints
    for fingerprint in fingerprints:
        client.delete(f"{PROD}/approvals/{fingerprint}")
    assert check(client, broken)["outcome"] == "failed"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"subgraph": "users"}, "INVALID_REQUEST"),
        ({"subgraph": "none", "sdl": None}, "NOT_FOUND"),
        ({"subgraph": "users", "sdl": "type A", "formats": ["pdf"]}, "INVALID_REQUEST"),
        ({"subgraph": "users", "sdl": "type A", "settings": {"failOn": "mood"}}, "INVALID_REQUEST"),
        ({"subgraph": "users", "sdl": "type A", "settings": {"lint": {"NO_RULE": "off"}}}, "INVALID_REQUEST"),
        (
            {"subgraph": "users", "sdl": "type A", "settings": {"includedVariants": ["shop@none"]}},
            "NOT_FOUND",
        ),
    ],
)
def test_bad_checks(client: RegistryClient, body: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as raised:
        client.post(f"{PROD}/checks", body)
    assert raised.value.code == code


def test_versions_are_compared(
    running: RunningRegistry,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    entry = {
        "name": "users",
        "routingUrl": "http://users/graphql",
        "sdl": users("email: String age: Int").sdl,
    }
    version = running.client.post(f"{PROD}/publish", {"subgraphs": [entry]})["serving"]
    changes = running.client.get(f"{PROD}/diff", {"from": 1, "to": version})["changes"]
    assert ("safe", "FIELD_ADDED", "User.age") in {
        (one["criticality"], one["code"], one["coordinate"]) for one in changes
    }
    command = Command(running, monkeypatch, capsys, tmp_path)
    back = command.plait(f"diff shop@prod:{version} shop@prod:1 --fail-on breaking --format json")
    assert back.exit_code == 1
    (removed,) = back.document["sections"][0]["findings"]
    assert (removed["code"], removed["coordinate"]) == ("FIELD_REMOVED", "User.age")
    assert "0 changes" in command.plait(f"diff shop@prod shop@prod:{version}").out
    assert "(NOT_FOUND)" in command.plait("diff shop@prod:9999 shop@prod").err


def test_from_the_command_line(
    running: RunningRegistry,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    command = Command(running, monkeypatch, capsys, tmp_path)
    (tmp_path / "nameless.graphql").write_text(WITHOUT_NAME.sdl)
    line = "check --subgraph users --schema nameless.graphql --against shop@prod --output sarif=check.sarif"
    ran = command.plait(line)
    assert (ran.exit_code, "FIELD_REMOVED" in ran.out) == (1, True)
    assert "nameless.graphql" in (tmp_path / "check.sarif").read_text()
    assert json.loads(command.plait(f"{line} --format json").out)["outcome"] == "failed"
    fine = command.plait("check --subgraph users --schema users.graphql --against shop@prod")
    assert fine.exit_code == 0
    approve = re.findall(r"plait (registry approve shop@prod --check \d+)", ran.err)[0]
    command.plait(f"{approve} --reason=agreed --until 2999-12-31")
    approved = command.plait(line)
    assert (approved.exit_code, "(Approved by admin: agreed ✓)" in approved.out) == (0, True)
    listed = [row.split() for row in command.plait("registry approvals shop@prod").out.splitlines()[1:]]
    assert {(*row[1:4], row[-1]) for row in listed} == {
        ("admin", "2999-12-31", "FIELD_REMOVED", "agreed"),
        ("admin", "2999-12-31", "OPERATION_NO_LONGER_VALID", "agreed"),
    }
    for fingerprint, *_ in listed:
        command.plait(f"registry approvals shop@prod --withdraw {fingerprint}")
    assert command.plait(line).exit_code == 1
    assert command.plait(f"{line} --usage usage.jsonl").exit_code == 3
    command.plait("fetch shop@prod --output supergraph.graphql")
    assert command.plait("fetch shop@prod --usage --output usage.jsonl").exit_code == 0
    offline = command.plait(f"{line.replace('shop@prod', 'supergraph.graphql')} --usage usage.jsonl")
    assert (offline.exit_code, "used by: Me (100 requests: web 2)" in offline.out) == (1, True)
    assert "(NOT_FOUND)" in command.plait(line.replace("shop@prod", "shop@none")).err


def test_what_a_variant_says_of_checks_holds_where_they_do_not(
    running: RunningRegistry,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    command = Command(running, monkeypatch, capsys, tmp_path)
    (tmp_path / "nameless.graphql").write_text(WITHOUT_NAME.sdl)
    line = "check --subgraph users --schema nameless.graphql --against shop@prod"
    settings = tmp_path / "strict.yaml"
    settings.write_text("checks: { minimum_requests: 101, usage_window: 7d, excluded_clients: [probe] }")
    try:
        kept = command.plait("registry settings shop@prod --config strict.yaml")
        assert kept.exit_code == 0
        assert command.plait("registry settings shop@prod").out == kept.out
        assert ["usage", "window", "7", "days"] in [row.split() for row in kept.out.splitlines()]
        assert command.plait(line).exit_code == 0  # 100 requests are too few
        assert command.plait(f"{line} --minimum-requests 100").exit_code == 1
        settings.write_text("checks: { excluded_clients: [web] }")
        command.plait("registry settings shop@prod --config strict.yaml")
        assert "NO_USAGE_RECORDED" in command.plait(line).out
    finally:
        running.client.put(f"{PROD}/check-settings", {})


def test_operations_of_other_variants_count_where_they_are_included(
    running: RunningRegistry,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    command = Command(running, monkeypatch, capsys, tmp_path)
    command.plait("publish shop@staging --config supergraph.yaml")
    (tmp_path / "nameless.graphql").write_text(WITHOUT_NAME.sdl)
    line = "check --subgraph users --schema nameless.graphql --against shop@staging"
    assert "used by" not in command.plait(line).out
    assert "used by: Me (100 requests: web 2)" in command.plait(f"{line} --include-variant shop@prod").out
    assert "(NOT_FOUND)" in command.plait(f"{line} --include-variant shop@none").err
    offline = command.plait(f"{line.replace('shop@staging', 'supergraph.yaml')} --include-variant shop@prod")
    assert offline.exit_code == 3


def test_a_check_is_approved_on_its_page(running: RunningRegistry) -> None:
    number = check(running.client, WITHOUT_NAME)["number"]
    visitor = Visitor(running)
    visitor.post("/login", secret=running.token)
    page = visitor.get(f"/graphs/shop/prod/checks/{number}")[1]
    assert "User.name" in page
    fingerprint = page.partition('name="fingerprint" value="')[2].partition('"')[0]
    approved = visitor.post(
        f"/graphs/shop/prod/checks/{number}/approve",
        fingerprint=fingerprint,
        reason="agreed with the web team",
    )
    assert "Approved by admin: agreed with the web team" in approved[1]
    assert "agreed with the web team" in visitor.get("/graphs/shop/prod/checks")[1]
    running.client.delete(f"{PROD}/approvals/{fingerprint}")
