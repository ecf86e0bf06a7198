"""A publish that is killed (SIGKILL) before each thing that it asks the database for, and after the last.

`python -m tests.schema.registry.dying FOLDER` prints a line for each step: what it was about to do, and what
a registry that is started on the file afterwards serves, of the variant and of its contract.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from shutil import copytree
from typing import Any

import click
from sqlalchemy import event

from plait_schema.contract import Contract
from plait_schema.registry.model import ContractVariant, VariantId
from plait_schema.registry.opening import opened
from tests.schema.registry.shop import reviews, users

PROD, PUBLIC = VariantId("shop", "prod"), VariantId("shop", "public")
CONTRACT = ContractVariant(PUBLIC, PROD, Contract("public", hide_unreachable_types=True))


async def prepare(folder: Path) -> None:
    async with opened(f"sqlite:///{folder / 'registry.db'}") as held:
        await held.registry.publish(PROD, [users()], by="ci")
        await held.registry.make_contract(CONTRACT, by="ci")


async def publish(folder: Path, before: Callable[[str], None]) -> None:
    async with opened(f"sqlite:///{folder / 'registry.db'}") as held:
        engine = held.database._engine.sync_engine
        written: list[str] = []  # by the transaction that writes

        def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
            if text == "BEGIN IMMEDIATE" or (written and not text.startswith("SELECT")):
                written.append(text)
                before(" ".join(text.split()[:3]))

        def commit(_: Any) -> None:
            if written:
                before("COMMIT")

        event.listen(engine, "before_cursor_execute", statement)
        event.listen(engine, "commit", commit)
        await held.registry.publish(PROD, [reviews()], by="ci")
        before("the answer")


async def serves(folder: Path) -> str:
    """Everything that is served can be read, and the next publish goes on from there."""
    async with opened(f"sqlite:///{folder / 'registry.db'}") as held:
        registry = held.registry
        artifacts = [await registry.delivery.served(variant_id) for variant_id in (PROD, PUBLIC)]
        versions = [one.version for one in artifacts]
        assert all(("Review" in one.supergraph_sdl) == (one.version == 2) for one in artifacts)
        history = await registry.store.history(PROD, before=None, limit=10)
        assert [one.number for one in history] == list(range(versions[0], 0, -1))
        outcome = await registry.publish(PROD, [users("late: Int")], by="ci")
        assert (outcome.serving, outcome.contracts[0].number) == (versions[0] + 1, versions[1] + 1)
        return f"{versions[0]} and {versions[1]}"


def die_at(step: int, folder: Path, told: int) -> None:
    seen = count()

    def before(what: str) -> None:
        if next(seen) == step:
            os.write(told, what.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(publish(folder, before))


def main(folder: Path) -> None:
    original = folder / "original"
    original.mkdir()
    asyncio.run(prepare(original))
    for step in count():
        one = folder / str(step)
        copytree(original, one)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            die_at(step, one, writing)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            what = told.read()
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return
        click.echo(f"before {what}: {asyncio.run(serves(one))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
