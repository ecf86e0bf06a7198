"""Whatever a transport does to messages, they come once each and in the order of their key."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from subgraphs.kernel.messaging.memory import MemoryTransport
from subgraphs.kernel.messaging.relay import RelayOptions
from subgraphs.kernel.messaging.transport import Read, SequencedMessage
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.farm import Farm, farm, intake_of, relay_of
from tests.subgraphs.kernel.orchard import plant
from tests.subgraphs.kernel.templates import Templates


class BadTransport(MemoryTransport):
    """Loses some of what is read, has some come twice, and all in any order."""

    def __init__(self, chance: Random) -> None:
        super().__init__(length=6, batch=4, answers=2)
        self.chance = chance
        self.badness = 0.0

    async def publish(self, source: str, epoch: str, messages: Sequence[SequencedMessage]) -> None:
        kept = [message for message in messages if self.chance.random() >= self.badness]
        await super().publish(source, epoch, kept)

    async def read(self, source: str, after_seq: int, *, wait: float) -> Read:
        read = await super().read(source, after_seq, wait=wait)
        messages = [
            message
            for message in read.messages
            for _ in range(self.chance.choice([0, 1, 2]) if self.chance.random() < self.badness else 1)
        ]
        if self.badness:
            self.chance.shuffle(messages)
        return Read(read.announcement, tuple(messages))

    async def request_replay(self, source: str, from_seq: int) -> None:
        if self.chance.random() >= self.badness:
            await super().request_replay(source, from_seq)


def machine(templates: Templates, folder: Path) -> type[RuleBasedStateMachine]:
    class DeliveryMachine(RuleBasedStateMachine):
        """The model: what was picked, in order. What is stored is always a beginning of it, tree by tree."""

        runs = 0

        def __init__(self) -> None:
            super().__init__()
            type(self).runs += 1
            self.runner = asyncio.Runner()
            self.transport = BadTransport(Random(self.runs))
            self.opened = farm(*self.databases(), FakeClock(), self.transport, threads=False)
            self.site: Farm = self.runner.run(self.opened.__aenter__())
            self.relay, self.intake = self.site.relay, self.site.intake
            self.picked: list[str] = []

        def teardown(self) -> None:
            self.transport.badness = 0.0
            try:
                self.runner.run(self.site.settle())
                assert sorted(self.stored()) == sorted(self.picked)
                self.check()
            finally:
                self.runner.run(self.opened.__aexit__(None, None, None))
                self.runner.close()

        @rule(trees=st.lists(st.integers(0, 2), min_size=1, max_size=5))
        def pick(self, trees: list[int]) -> None:
            for tree in trees:
                name = f"{tree} {self.runs}-{len(self.picked)}"
                self.runner.run(self.site.orchard.pick(name, tree=str(tree)))
                self.picked.append(name)

        @rule(badness=st.sampled_from([0.0, 0.3, 0.8]))
        def have_a_transport(self, badness: float) -> None:
            self.transport.badness = badness

        @rule()
        def lose_everything(self) -> None:
            self.runner.run(self.transport.close())

        @rule(batch=st.integers(1, 4), window=st.integers(1, 8))
        def restart(self, batch: int, window: int) -> None:
            options = RelayOptions(batch, window)
            self.relay = relay_of(self.site.orchard.transactions, self.transport, options)
            self.intake = intake_of(self.site.cellar.transactions, self.transport)

        @rule(times=st.integers(1, 4))
        def go_on(self, times: int) -> None:
            for _ in range(times):
                self.runner.run(self.relay.step())
                self.runner.run(self.intake.step())
            self.runner.run(self.site.work())
            self.check()

        def check(self) -> None:
            stored = self.stored()
            assert len(stored) == len(set(stored))
            for tree in "012":
                of_tree = [name for name in stored if name[0] == tree]
                assert of_tree == [name for name in self.picked if name[0] == tree][: len(of_tree)]

        def databases(self) -> tuple[str, str]:
            places = [folder / f"{place} {self.runs}" for place in ("source", "target")]
            for place in places:
                place.mkdir()
            return templates.file(plant, places[0]), templates.file(plant, places[1])

        def stored(self) -> list[str]:
            return self.runner.run(self.site.cellar.stored())

    return DeliveryMachine


def test_nothing_is_lost_doubled_or_out_of_order(templates: Templates, tmp_path: Path) -> None:
    steps = settings(max_examples=10, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(machine(templates, tmp_path), settings=steps)
