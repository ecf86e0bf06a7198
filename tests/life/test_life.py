"""The life of a graph, with every part as a process of its own, and clients all along: no request fails.

Three subgraphs are published, one of them is broken in twelve ways, one of these is approved and published,
and taken back; the registry is killed (SIGKILL) in the midst of a publish and comes back; and at last the
gateway starts while the registry is away.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.request import urlopen

import click
import pytest

from plait_schema.checks.formats import FORMATS
from plait_schema.registry.client import ClientError
from tests.gateway.app.test_command import Running, gateway
from tests.gateway.served import served
from tests.life.load import Load, ask
from tests.life.shop import (
    ACROSS,
    ACROSS_DATA,
    BREAKAGES,
    OLD,
    OLD_DATA,
    SDL,
    SEARCH,
    SEARCH_DATA,
    subgraphs,
)
from tests.schema.checks.formats.schemas import validate
from tests.schema.registry.running import RunningRegistry

pytestmark = pytest.mark.long

PLAIT = str(Path(sys.executable).with_name("plait"))
PROD = "/api/graphs/shop/variants/prod"
DEADLINE = 60  # seconds, for each thing that is to come true
LIFETIME = 400


class Life:
    """The registry, a folder of schemas, and the commands that somebody gives there."""

    def __init__(self, registry: RunningRegistry, folder: Path, subgraphs_at: str) -> None:
        self.registry = registry
        self.folder = folder
        self.subgraphs_at = subgraphs_at

    async def plait(self, *arguments: str) -> tuple[int, str]:
        """The exit code and what is on standard output."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")},
            "PLAIT_REGISTRY": self.registry.url,
            "PLAIT_TOKEN": self.registry.token,
        }
        process = await asyncio.create_subprocess_exec(
            PLAIT,
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env=environment,
        )
        async with asyncio.timeout(DEADLINE):
            out, err = await process.communicate()
        assert b"Traceback" not in err
        return process.returncode or 0, out.decode()

    async def publish(self, name: str, sdl: str) -> tuple[int, Any]:
        (self.folder / f"{name}.graphql").write_text(sdl)
        code, out = await self.plait(
            *("publish", "shop@prod", "--subgraph", name, "--schema", f"{name}.graphql"),
            *("--routing-url", f"{self.subgraphs_at}/{name}", "--format", "json"),
        )
        return code, json.loads(out) if out else None

    async def check(self, name: str, sdl: str) -> tuple[int, Any]:
        """The exit code and the JSON, once the report is valid in all formats."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "products.graphql").write_text(sdl)
        outputs = [f"{format_}={folder / format_}" for format_ in FORMATS]
        code, _ = await self.plait(
            *("check", "--subgraph", "products", "--schema", str(folder / "products.graphql")),
            *("--against", "shop@prod", *(f"--output={output}" for output in outputs)),
        )
        for format_ in FORMATS:
            validate(format_, (folder / format_).read_text())
        return code, json.loads((folder / "json").read_text())

    async def check_by_http(self, sdl: str) -> Any:
        """The same without the command, which takes a second to start."""
        body = {"subgraph": "products", "sdl": sdl, "settings": {}, "formats": list(FORMATS)}
        answer = await asyncio.to_thread(self.registry.client.post, f"{PROD}/checks", body)
        for format_, text in answer["rendered"].items():
            validate(format_, click.unstyle(text))
        return answer["report"]

    async def told(self, path: str = "") -> Any:
        return await asyncio.to_thread(self.registry.client.get, PROD + path)


def findings(report: Any) -> list[Any]:
    return [finding for section in report["sections"] for finding in section["findings"]]


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    registry = RunningRegistry(tmp_path)
    await asyncio.to_thread(registry.start)
    try:
        async with served(subgraphs()) as address:
            yield Life(registry, tmp_path, address)
    finally:
        if registry.is_running:
            registry.kill()


@asynccontextmanager
async def following(life: Life) -> AsyncIterator[Running]:
    config, key = life.folder / "plait.yaml", life.folder / "registry.pub"
    config.write_text("gateway: { usage: { interval: 0.2 } }")
    source = ("--registry", life.registry.url, "--graph", "shop@prod", "--token", life.registry.token)
    more = ("--keep", str(life.folder / "kept"), "--config", str(config), "--public-key", str(key))
    async with gateway(None, *source, *more, seconds=LIFETIME) as running:
        yield running


async def until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + DEADLINE
    while not await asyncio.to_thread(condition):
        assert monotonic() < deadline, "it did not come true"


async def serves(running: Running, version: int) -> None:
    def is_served() -> bool:
        with urlopen(running.url.replace("/graphql", "/health/ready"), timeout=120) as response:
            return bool(json.load(response)["release"] == f"shop@prod version {version}")

    await until(is_served)


async def test_the_life_of_a_graph(life: Life) -> None:
    published = [await life.publish(name, sdl) for name, sdl in SDL.items()]
    assert [(code, told["version"]["state"]) for code, told in published] == [
        (0, "composed"),
        (0, "composed"),
        (0, "composed"),
    ]
    (life.folder / "registry.pub").write_text(life.registry.client.get_text("/api/signing-key"))
    async with following(life) as running:
        await serves(running, 3)
        assert await asyncio.to_thread(ask, running.url, "old", OLD) == {"data": OLD_DATA}
        load = Load(running.url, "web", {ACROSS: ACROSS_DATA, SEARCH: SEARCH_DATA})
        async with load.running():
            await _clients_are_known(life)
            await _twelve_breakages_are_found(life)
            await _what_does_not_compose_changes_nothing(life)
            await _an_approved_change_is_published(life, running)
            code, _ = await life.plait("registry", "rollback", "shop@prod", "--to", "3")
            assert code == 0
            latest = (await life.told())["serving"]
            await serves(running, latest)
            assert await asyncio.to_thread(ask, running.url, "old", OLD) == {"data": OLD_DATA}
            await _killed_in_the_midst_of_a_publish(life, running)
        assert load.failed == []
        assert min(load.answered.values()) > 10
        latest = (await life.told())["serving"]
        life.registry.kill()
        assert await running.stop() == 0
    async with following(life) as running:
        await serves(running, latest)
        assert await asyncio.to_thread(ask, running.url, "web", ACROSS) == {"data": ACROSS_DATA}


async def _clients_are_known(life: Life) -> None:
    known: set[str] = set()

    def are_known() -> bool:
        operations = life.registry.client.get(f"{PROD}/operations")["operations"]
        known.update(operation["name"] for operation in operations)
        return known == {"Across", "Search", "Old"}

    await until(are_known)


async def _twelve_breakages_are_found(life: Life) -> None:
    """By the command where that has not shown yet that it says what the registry does."""
    assert len(BREAKAGES) == 12
    for number, breakage in enumerate(BREAKAGES):
        if number % 6 == 1:
            code, report = await life.check(f"breakage-{number}", breakage.sdl)
            assert code == 1
        else:
            report = await life.check_by_http(breakage.sdl)
        errors = {finding["code"] for finding in findings(report) if finding["severity"] == "error"}
        assert (report["outcome"], breakage.code in errors) == ("failed", True), (breakage, errors)


async def _what_does_not_compose_changes_nothing(life: Life) -> None:
    refused = next(one for one in BREAKAGES if one.code == "SATISFIABILITY_ERROR")
    code, told = await life.publish("products", refused.sdl)
    assert (code, told["version"]["state"], told["serving"]) == (1, "refused", 3)


async def _an_approved_change_is_published(life: Life, running: Running) -> None:
    sdl = BREAKAGES[0].sdl
    code, report = await life.check("before-the-approval", sdl)
    (removed,) = (finding for finding in findings(report) if finding["code"] == "FIELD_REMOVED")
    assert [operation["name"] for operation in removed["operations"]] == ["Old"]
    approval = {"fingerprints": [removed["fingerprint"]], "reason": "The old client is gone."}
    await asyncio.to_thread(life.registry.client.post, f"{PROD}/approvals", approval)
    assert (code, (await life.check("approved", sdl))[0]) == (1, 0)
    code, told = await life.publish("products", sdl)
    assert (code, told["version"]["state"]) == (0, "composed")
    await serves(running, told["serving"])
    (error,) = (await asyncio.to_thread(ask, running.url, "old", OLD))["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def _killed_in_the_midst_of_a_publish(life: Life, running: Running) -> None:
    before = await life.told()
    many = "".join(f" field{number}: String" for number in range(2000))  # composing takes a while
    more = SDL["users"].replace("name: String!", f"name: String!{many}")
    publishing = asyncio.create_task(asyncio.to_thread(_publish, life, more))
    for _ in range(2):
        await asyncio.to_thread(life.registry.client.get, "/livez")  # the publish was sent before these
    life.registry.kill()
    await publishing
    await asyncio.to_thread(life.registry.start, port=life.registry.port)
    after = await life.told()
    assert after["serving"] in (before["serving"], before["latest"] + 1)
    versions = (await life.told("/versions"))["versions"]
    assert [one["number"] for one in versions] == list(range(after["latest"], 0, -1))
    await serves(running, after["serving"])
    code, told = await life.publish("users", SDL["users"].replace("name", "nickname: String name"))
    assert (code, told["version"]["state"]) == (0, "composed")
    await serves(running, told["serving"])


def _publish(life: Life, sdl: str) -> None:
    body = {"name": "users", "routingUrl": f"{life.subgraphs_at}/users", "sdl": sdl}
    with suppress(ClientError):
        life.registry.client.post(f"{PROD}/publish", {"subgraphs": [body]})
