"""The rush, from the first login to the last look."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic
from typing import Final

from subgraphs.kernel.testing.postgres import temporary_postgres
from subgraphs.seed.content import read_academy
from subgraphs.seed.demo import DEMO_PASSWORD
from tests.subgraphs.rush.graph import Graph, Traffic
from tests.subgraphs.rush.invariants import Academy
from tests.subgraphs.rush.process import UNLIMITED, Process, free_port
from tests.subgraphs.rush.visitors import COURSES, CREATE_CLASS, MEETING, SIGN_IN, TAKEN, Clerk, Student, Told

_STUDENTS: Final = 6
_CLASSES: Final = 3
_PLACES: Final = 4  # in each of them
_REST: Final = 120.0  # seconds in which what was begun has to come to its end


@dataclass
class Outcome:
    """What happened, and what does not hold."""

    seconds: float
    traffic: Traffic
    told: Told
    kills: int = 0
    violations: list[str] = field(default_factory=list)


def rush(folder: Path, *, seconds: float, seed: int, postgres: bool, tell: Callable[[str], None]) -> Outcome:
    """Run it in a folder that is empty. What it raises is a platform that does not come up."""
    random = Random(seed)
    with ExitStack() as stack:
        environment = {**UNLIMITED, "PLAIT_LOG_FORMAT": "json"}
        if postgres:
            server = stack.enter_context(temporary_postgres())
            environment["PLAIT_DATABASE_URL"] = server.url(server.create())
            environment["PLAIT_PAYMENTS_PROVIDER"] = "fake"
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        arguments = ("dev", "--port", str(port), "--data-dir", str(folder), "--no-registry")
        platform = Process(arguments, folder.with_suffix(".log"), environment)
        victims = [platform]
        if postgres:
            worker = ("worker", "--data-dir", str(folder))
            victims.append(Process(worker, folder.with_suffix(".worker.log"), environment))
        for victim in victims:
            stack.callback(victim.end)
        tell("starting the platform, which seeds the academy")
        platform.start()
        platform.wait_until_ready(url)
        for other in victims[1:]:
            other.start()
        outcome = Outcome(seconds, Traffic(), Told())
        staff, visitors = _visitors(url, outcome, random)
        tell(f"{len(visitors)} visitors for {seconds:g} seconds")
        _visit(visitors, platform, victims, url, random, outcome, tell)
        tell(f"{outcome.traffic.answers} answers, {outcome.kills} kills; waiting until all has come to rest")
        students = [one.id for one in visitors if isinstance(one, Student)]
        academy = Academy(staff, outcome.told, students, folder, {**os.environ, **environment})
        deadline = monotonic() + _REST
        while violations := list(academy.violations()):
            if monotonic() > deadline:
                break
        outcome.violations = violations
        return outcome


def _visitors(url: str, outcome: Outcome, random: Random) -> tuple[Graph, Sequence[Student | Clerk]]:
    academy = read_academy()
    somebody = Graph(url, outcome.traffic)
    courses = [one for one in somebody.ask(COURSES)["courseCatalog"]["nodes"] if one["sections"]]

    def sign_in(email: str) -> tuple[str, Graph]:
        login = somebody.ask(SIGN_IN, input={"email": email, "password": DEMO_PASSWORD})["login"]
        return login["user"]["id"], replace(somebody, token=login["accessToken"])

    clerks = [sign_in(person.email)[1] for person in academy.staff if person.role == "staff"]
    students = [sign_in(person.email) for person in academy.students[:_STUDENTS]]
    ids = [id_ for id_, _ in students]
    staff = clerks[0]
    meeting = [one for one in staff.ask(MEETING)["classList"]["nodes"] if one["roster"]["nodes"]]
    for course in courses[:_CLASSES]:
        outcome.told.placed[_open_class(staff, course["id"])] = []
    visitors: list[Student | Clerk] = [
        Clerk(clerk, outcome.told, Random(random.random()), ids, meeting[number :: len(clerks)])
        for number, clerk in enumerate(clerks)
    ]
    for id_, graph in students:
        taken = graph.ask(TAKEN)["me"]["enrollments"]["nodes"]
        student = Student(id_, graph, outcome.told, Random(random.random()), courses)
        student.enrolled = [one for one in courses if {"course": {"id": one["id"]}} in taken]
        visitors.append(student)
    return staff, visitors


def _open_class(staff: Graph, course_id: str) -> str:
    schedule = {"weekdays": ["MONDAY"], "at": "18:00:00", "startsOn": "2100-01-04"}
    new = {
        "type": "GROUP",
        "title": "A rush",
        "courseId": course_id,
        "totalMeetings": 5,
        "schedule": schedule,
    }
    price = {"amountMinor": 4900}
    payload = staff.ask(CREATE_CLASS, input={**new, "price": price, "capacity": _PLACES})["createClass"]
    return str(payload["class"]["id"])


def _visit(
    visitors: Sequence[Student | Clerk],
    platform: Process,
    victims: Sequence[Process],
    url: str,
    random: Random,
    outcome: Outcome,
    tell: Callable[[str], None],
) -> None:
    closing = Event()

    def visit(visitor: Student | Clerk) -> None:
        while not closing.is_set():
            visitor.act()

    end = monotonic() + outcome.seconds
    with ThreadPoolExecutor(len(visitors)) as threads:
        visits = [threads.submit(visit, visitor) for visitor in visitors]
        try:
            while not closing.wait(min(random.uniform(2, 8), max(0.0, end - monotonic()))):
                if monotonic() >= end or any(one.done() for one in visits):
                    break
                victim = random.choice(victims)
                victim.kill()
                outcome.kills += 1
                tell(f"killed {victim.arguments[0]}")
                victim.start()
                if victim is platform:
                    platform.wait_until_ready(url)
        finally:
            closing.set()
        for one in visits:
            one.result()
