"""The processes of a run: started, killed, stopped, started again."""

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from time import monotonic, sleep
from typing import Final

from tests.subgraphs.chaos.roles import Role, live
from tests.subgraphs.chaos.world import Place

_CONTEXT: Final = get_context("forkserver")  # a process costs milliseconds instead of all imports
_CONTEXT.set_forkserver_preload(["tests.subgraphs.chaos.roles"])
_LOOK_EVERY_SECONDS: Final = 0.02


@dataclass(slots=True)
class Member:
    """A process, or its grave."""

    role: Role
    place: Place
    process: BaseProcess | None = None
    was_killed: bool = False
    is_stopped: bool = False
    begins_at: float = 0.0

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.is_alive()


class Fleet:
    """`watch` has to be called again and again: it notices who has died, and starts who is to live again."""

    def __init__(self, members: Sequence[tuple[Role, Place]]) -> None:
        self.members = [Member(role, place) for role, place in members]
        self.killed_themselves = 0
        self.ended_by_themselves: list[str] = []

    def watch(self, *, ending: frozenset[Role] = frozenset()) -> None:
        """`ending` are the roles that end now, and are not started again when they have ended well."""
        now = monotonic()
        for member in self.members:
            if member.process is not None and not member.is_alive:
                self._bury(member, ending)
            if member.process is None and now >= member.begins_at:
                self._start(member)

    def alive(self) -> list[Member]:
        """Those that can suffer."""
        return [member for member in self.members if member.is_alive and not member.is_stopped]

    def kill(self, member: Member, *, buried_for: float) -> None:
        """kill -9, and another life after so many seconds."""
        assert member.process is not None
        member.was_killed = True
        member.begins_at = monotonic() + buried_for
        member.process.kill()

    def stop(self, member: Member) -> None:
        """Have it stand still, holding whatever it holds."""
        _send(member, signal.SIGSTOP)
        member.is_stopped = True

    def go_on(self, member: Member) -> None:
        _send(member, signal.SIGCONT)
        member.is_stopped = False

    def release(self) -> None:
        """Have all go on that stand still."""
        for member in self.members:
            if member.is_stopped:
                self.go_on(member)

    def wait(self, role: Role | None, seconds: float) -> bool:
        """Wait for all of a role to have ended well, as they were told; False if they have not in time."""
        deadline = monotonic() + seconds
        roles = frozenset(member.role for member in self.members if role in (None, member.role))
        while True:
            self.watch(ending=roles)
            if not any(member.is_alive or self._comes_back(member) for member in self._of(roles)):
                return True
            if monotonic() > deadline:
                return False
            sleep(_LOOK_EVERY_SECONDS)

    def end(self) -> list[str]:
        """Kill whoever is left; says who that was."""
        left = [member for member in self.members if member.is_alive]
        for member in left:
            assert member.process is not None
            member.process.kill()
            member.process.join()
        return [f"{member.place.name} did not: see {member.place.log_file}" for member in left]

    def _of(self, roles: frozenset[Role]) -> Iterator[Member]:
        return (member for member in self.members if member.role in roles)

    @staticmethod
    def _comes_back(member: Member) -> bool:
        return member.begins_at < float("inf") and member.process is None

    def _start(self, member: Member) -> None:
        member.process = _CONTEXT.Process(target=live, args=(member.role, member.place), daemon=True)
        member.process.start()
        member.was_killed = member.is_stopped = False

    def _bury(self, member: Member, ending: frozenset[Role]) -> None:
        assert member.process is not None
        code = member.process.exitcode
        member.process.close()
        member.process = None
        member.place = replace(member.place, life=member.place.life + 1)
        if code == 0 and member.role in ending:
            member.begins_at = float("inf")
        elif code == -signal.SIGKILL:
            self.killed_themselves += not member.was_killed
        else:
            self.ended_by_themselves.append(
                f"{member.place.name} ended with {code}: see {member.place.log_file}"
            )


def _send(member: Member, what: signal.Signals) -> None:
    if member.process is not None and member.process.pid is not None and member.is_alive:
        os.kill(member.process.pid, what)
