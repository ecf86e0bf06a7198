"""The subgraph as clients and the gateway see it."""

from datetime import timedelta

from subgraphs.contracts.identity import Role
from subgraphs.tutoring.domain.availability import Weekday
from tests.subgraphs.learning.school import selects
from tests.subgraphs.people import codes, person
from tests.subgraphs.tutoring.agency import OTHER, STAFF, STUDENT, TUTOR, Agency, tutor_id

UPDATE = """
    mutation ($input: TutorProfileInput!) { updateTutorProfile(input: $input) {
        version
        tutorProfile { headline subjects languages hourlyRate { amountMinor currency } }
        errors { code field }
    } }
"""
AVAILABLE = """
    mutation ($input: AvailabilityInput!) { setAvailability(input: $input) {
        tutorProfile {
            availability { timeZone windows { weekday startsAt endsAt } }
            isAvailableAt(instant: "2025-09-01T07:30:00Z")
        }
        errors { code field }
    } }
"""
VERIFY = """
    mutation ($id: ID!) { verifyTutor(input: {tutorId: $id}) { tutorProfile { isVerified } errors { code } } }
"""
FIND = """
    query ($filter: TutorFilterInput, $version: String) {
        searchTutors(filter: $filter, minVersion: $version) {
            total stale hasMore
            items { id headline rating user { id } }
        }
    }
"""
OFFER = {
    "headline": "Knots",
    "subjects": ["Sailing"],
    "languages": ["en"],
    "hourlyRate": {"amountMinor": 2500, "currency": "EUR"},
}


async def test_a_tutor_says_what_they_offer_and_is_found(agency: Agency) -> None:
    await agency.join(TUTOR)
    payload = (await agency.ask(TUTOR).data(UPDATE, input=OFFER))["updateTutorProfile"]
    assert (payload["tutorProfile"], payload["errors"]) == (OFFER, [])
    stale = (await agency.ask().data(FIND, version=payload["version"]))["searchTutors"]
    assert stale["stale"]
    await agency.deliver()
    found = (await agency.ask().data(FIND, filter={"text": "kno"}, version=payload["version"]))[
        "searchTutors"
    ]
    assert found == {
        "total": 1,
        "stale": False,
        "hasMore": False,
        "items": [{"id": tutor_id(TUTOR), "headline": "Knots", "rating": 0.0, "user": {"id": TUTOR.id}}],
    }
    gone = (await agency.ask(TUTOR).data(UPDATE, input={"hourlyRate": None}))["updateTutorProfile"]
    assert gone["tutorProfile"] == {**OFFER, "hourlyRate": None}
    subjects = await agency.ask().data("{ tutorSubjects { name tutorCount } }")
    assert subjects["tutorSubjects"] == [{"name": "Sailing", "tutorCount": 1}]


async def test_what_cannot_be_offered(agency: Agency) -> None:
    await agency.join(TUTOR)
    for said, code, field in (
        ({"hourlyRate": {"amountMinor": 1, "currency": "euro"}}, "INVALID_CURRENCY", "currency"),
        ({"hourlyRate": {"amountMinor": -1}}, "INVALID_HOURLY_RATE", "hourlyRate"),
        ({"languages": ["English"]}, "INVALID_LANGUAGES", "languages"),
    ):
        payload = (await agency.ask(TUTOR).data(UPDATE, input=said))["updateTutorProfile"]
        assert payload["errors"] == [{"code": code, "field": field}]


async def test_a_tutor_says_when_they_have_time(agency: Agency) -> None:
    await agency.join(TUTOR)
    window = {"weekday": "MONDAY", "startsAt": "09:00", "endsAt": "24:00"}
    availability = {"timeZone": "Europe/Berlin", "windows": [window]}
    payload = (await agency.ask(TUTOR).data(AVAILABLE, input=availability))["setAvailability"]
    assert payload["tutorProfile"] == {"availability": availability, "isAvailableAt": True}
    for wrong in ({"startsAt": "9:00"}, {"endsAt": "24:01"}, {"endsAt": "08:00"}):
        refused = await agency.ask(TUTOR).data(AVAILABLE, input={"windows": [{**window, **wrong}]})
        assert refused["setAvailability"]["errors"] == [{"code": "INVALID_WINDOW", "field": "windows"}]


async def test_students_find_whom_they_need(agency: Agency) -> None:
    await agency.join(TUTOR, OTHER)
    await agency.offer(TUTOR, "Sailing", "Maths", rate=2000, languages=("en",))
    await agency.offer(OTHER, "Maths", rate=9000)
    await agency.has_time(TUTOR, "UTC", (Weekday.FRIDAY, 10, 12))
    await agency.deliver()
    query = "query ($input: MatchInput!) { matches(input: $input) { score reasons tutor { id } } }"
    wanted = {
        "subjects": ["maths"],
        "highestRate": {"amountMinor": 5000},
        "times": {"windows": [{"weekday": "FRIDAY", "startsAt": "11:00", "endsAt": "12:00"}]},
    }
    assert (await agency.ask(STUDENT).data(query, input=wanted))["matches"] == [
        {
            "score": 90,
            "reasons": ["ALL_SUBJECTS", "WITHIN_BUDGET", "TIME_IN_COMMON"],
            "tutor": {"id": tutor_id(TUTOR)},
        }
    ]
    refusal = await agency.ask(STUDENT).execute(query, input={"subjects": []})
    assert refusal["errors"][0]["extensions"]["code"] == "NOTHING_WANTED"


async def test_the_staff_vouches_for_tutors(agency: Agency) -> None:
    await agency.join(TUTOR)
    await agency.offer(TUTOR, "Sailing", headline="Knots")
    for actor, code in ((None, "UNAUTHENTICATED"), (STUDENT, "FORBIDDEN"), (TUTOR, "FORBIDDEN")):
        payload = (await agency.ask(actor).data(VERIFY, id=tutor_id(TUTOR)))["verifyTutor"]
        assert payload["errors"] == [{"code": code}]
    payload = (await agency.ask(STAFF).data(VERIFY, id=tutor_id(TUTOR)))["verifyTutor"]
    assert payload == {"tutorProfile": {"isVerified": True}, "errors": []}
    payload = (await agency.ask(STAFF).data(VERIFY, id="nobody"))["verifyTutor"]
    assert payload["errors"] == [{"code": "TUTOR_NOT_FOUND"}]


async def test_what_each_role_may_not(agency: Agency) -> None:
    await agency.join(TUTOR, STUDENT)
    selection = "{ errors { code } }"
    own = (
        f"mutation {{ createTutorProfile(input: {{}}) {selection} }}",
        f"mutation {{ updateTutorProfile(input: {{}}) {selection} }}",
        f"mutation {{ setAvailability(input: {{windows: []}}) {selection} }}",
    )
    for mutation in own:
        for actor, code in ((None, "UNAUTHENTICATED"), (STUDENT, "FORBIDDEN")):
            [payload] = (await agency.ask(actor).data(mutation)).values()
            assert payload["errors"] == [{"code": code}]
    dashboard = "query ($id: ID!) { tutorProfile(id: $id) { dashboard { isListed missing } } }"
    for actor in (STUDENT, OTHER):
        found = await agency.ask(actor).data(dashboard, id=tutor_id(TUTOR))
        assert found["tutorProfile"]["dashboard"] is None
    visitor = await agency.ask().execute(dashboard, id=tutor_id(TUTOR))
    assert visitor["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    for actor in (TUTOR, STAFF, person(9, Role.SUPER_ADMIN)):
        found = await agency.ask(actor).data(dashboard, id=tutor_id(TUTOR))
        assert found["tutorProfile"]["dashboard"]["missing"] == [
            "headline",
            "bio",
            "subjects",
            "languages",
            "hourlyRate",
            "availability",
        ]


async def test_a_user_has_their_profile(agency: Agency) -> None:
    await agency.join(TUTOR, STUDENT)
    entities = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { tutorProfile { id } } ... on TutorProfile { user { id } } } }"""
    keys = [
        {"__typename": "User", "id": TUTOR.id},
        {"__typename": "User", "id": STUDENT.id},
        {"__typename": "TutorProfile", "id": tutor_id(TUTOR)},
        {"__typename": "TutorProfile", "id": "nobody"},
    ]
    answer = await agency.ask().execute(entities, r=keys)
    assert answer["data"]["_entities"] == [
        {"tutorProfile": {"id": tutor_id(TUTOR)}},
        {"tutorProfile": None},
        {"user": {"id": TUTOR.id}},
        None,
    ]
    assert codes(answer) == ["ENTITY_NOT_FOUND"]
    mine = "{ myTutorProfile { id } }"
    assert (await agency.ask(TUTOR).data(mine))["myTutorProfile"] == {"id": tutor_id(TUTOR)}
    assert (await agency.ask(STUDENT).data(mine))["myTutorProfile"] is None


async def test_tutors_are_cached_until_they_say_something_else(agency: Agency) -> None:
    """Requirement: section 22, tutor profiles: an hour, and no longer than they are true."""
    await agency.join(TUTOR, OTHER)
    query = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on TutorProfile { headline } } }"""
    keys = [{"__typename": "TutorProfile", "id": tutor_id(actor)} for actor in (TUTOR, OTHER)] * 2
    with selects() as counted:
        await agency.ask().data(query, r=keys)
        first = len(counted)
        await agency.ask().data(query, r=keys)
        assert (first, len(counted)) == (2, 2)  # which tables, the tutors; then nothing
    await agency.offer(TUTOR, "Sailing", headline="Knots")
    found = (await agency.ask().data(query, r=keys))["_entities"]
    assert [one["headline"] for one in found] == ["Knots", ""] * 2
    agency.clock.advance(timedelta(hours=1, seconds=1))
    with selects() as counted:
        await agency.ask().data(query, r=keys)
        assert len(counted) == 2


async def test_the_calendar_has_a_first_and_a_last_day(agency: Agency) -> None:
    await agency.join(TUTOR)
    await agency.has_time(TUTOR, "Pacific/Kiritimati", (Weekday.MONDAY, 0, 24))
    await agency.deliver()
    query = "query ($at: DateTime!) { searchTutors(filter: {availableAt: $at}) { total } }"
    for at, total in (("0001-01-01T00:00:00Z", 1), ("9999-12-31T23:59:59Z", 0)):  # a Monday, a Friday
        assert (await agency.ask().data(query, at=at))["searchTutors"] == {"total": total}


async def test_a_search_is_few_statements_however_many_it_finds(agency: Agency) -> None:
    await agency.join(TUTOR, OTHER)
    with selects() as counted:
        found = await agency.ask().data(FIND)
    assert found["searchTutors"]["total"] == 2
    assert len(counted) == 7  # the search's state, which tables twice, how many, which, and who they are
