"""The subgraph as clients and the gateway see it."""

from datetime import timedelta

import pytest

from subgraphs.contracts.identity import Role
from subgraphs.contracts.notification import Template
from tests.subgraphs.learning.school import selects
from tests.subgraphs.notification.post_office import ADA, BOB, STAFF, PostOffice
from tests.subgraphs.people import codes, person

PAID = {"payment_id": "p", "amount": "49.00 EUR"}
INBOX = """
    query ($first: Int! = 20, $after: String, $unread: Boolean! = false) {
        notifications(first: $first, after: $after, onlyUnread: $unread) {
            nodes { id subject text isRead category }
            pageInfo { hasNextPage endCursor }
        }
    }
"""
COUNT = """
    query ($id: ID!) {
        _entities(representations: [{__typename: "User", id: $id}]) {
            ... on User { unreadNotificationCount }
        }
    }
"""
WISH = """
    mutation ($input: UpdateNotificationPreferencesInput!) {
        updateNotificationPreferences(input: $input) {
            preferences { phoneNumber categories { category channels isMandatory } }
            errors { code field }
        }
    }
"""


async def _tell(office: PostOffice, *templates: Template) -> None:
    await office.meet(ADA, BOB)
    for template in templates:
        await office.send(template, ADA, {**PAID, "token": "t"})
        await office.deliver()
        office.clock.advance(timedelta(minutes=1))


async def test_an_inbox_is_read_page_by_page(office: PostOffice) -> None:
    await _tell(office, Template.WELCOME, Template.PAYMENT_COMPLETED, Template.PASSWORD_CHANGED)
    page = (await office.ask(ADA).data(INBOX, first=2))["notifications"]
    assert [one["subject"] for one in page["nodes"]] == [
        "Your password was changed",
        "We have received 49.00 EUR",
    ]
    assert page["pageInfo"]["hasNextPage"]
    rest = (await office.ask(ADA).data(INBOX, after=page["pageInfo"]["endCursor"]))["notifications"]
    assert [one["subject"] for one in rest["nodes"]] == ["Welcome to the academy, Ada"]
    assert rest["nodes"][0]["text"].startswith("Hello Ada,")
    assert (await office.ask(BOB).data(INBOX))["notifications"]["nodes"] == []


async def test_what_was_read_is_read(office: PostOffice) -> None:
    await _tell(office, Template.WELCOME, Template.PAYMENT_COMPLETED, Template.PASSWORD_CHANGED)
    ada = office.ask(ADA)
    nodes = (await ada.data(INBOX))["notifications"]["nodes"]
    read = await ada.data(
        """mutation ($id: ID!) { markNotificationRead(input: {notificationId: $id}) {
            notification { isRead } errors { code } } }""",
        id=nodes[1]["id"],
    )
    assert read["markNotificationRead"] == {"notification": {"isRead": True}, "errors": []}
    assert len((await ada.data(INBOX, unread=True))["notifications"]["nodes"]) == 2
    assert (await ada.data(COUNT, id=ADA.id))["_entities"] == [{"unreadNotificationCount": 2}]
    assert await ada.data("mutation { markAllNotificationsRead { errors { code } } }")
    assert (await ada.data(INBOX, unread=True))["notifications"]["nodes"] == []
    assert all(one["isRead"] for one in (await ada.data(INBOX))["notifications"]["nodes"])
    office.clock.advance(timedelta(minutes=1))
    await office.send(Template.PASSWORD_CHANGED, ADA)
    await office.deliver()
    assert (await ada.data(COUNT, id=ADA.id))["_entities"] == [{"unreadNotificationCount": 1}]
    assert (await office.ask(STAFF).data(COUNT, id=ADA.id))["_entities"] == [{"unreadNotificationCount": 1}]
    assert (await office.ask(BOB).data(COUNT, id=ADA.id))["_entities"] == [{"unreadNotificationCount": None}]


async def test_nobody_reads_what_others_are_told(office: PostOffice) -> None:
    await _tell(office, Template.WELCOME)
    [mine] = (await office.ask(ADA).data(INBOX))["notifications"]["nodes"]
    entities = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on Notification { subject } ... on User { notifications { nodes { subject } } } } }"""
    theirs = [{"__typename": "Notification", "id": mine["id"]}]
    hidden = await office.ask(BOB).execute(entities, r=theirs)
    assert (hidden["data"]["_entities"], codes(hidden)) == ([None], ["ENTITY_NOT_FOUND"])
    assert (await office.ask(STAFF).data(entities, r=theirs))["_entities"] == [{"subject": mine["subject"]}]
    for actor in (BOB, STAFF):
        answer = await office.ask(actor).execute(entities, r=[{"__typename": "User", "id": ADA.id}])
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    marked = await office.ask(BOB).data(
        "mutation ($id: ID!) { markNotificationRead(input: {notificationId: $id}) { errors { code } } }",
        id=mine["id"],
    )
    assert marked["markNotificationRead"]["errors"] == [{"code": "NOTIFICATION_NOT_FOUND"}]


async def test_what_opens_an_account_is_not_in_the_inbox(office: PostOffice) -> None:
    await _tell(office, Template.PASSWORD_RESET)
    [told] = (await office.ask(ADA).data(INBOX))["notifications"]["nodes"]
    assert (told["subject"], told["text"]) == ("Choose a new password", None)


async def test_people_choose_what_they_hear(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.deliver()
    ada = office.ask(ADA)
    before = await ada.data("{ notificationPreferences { categories { category channels } deviceCount } }")
    assert before["notificationPreferences"]["categories"][0] == {
        "category": "ACCOUNT",
        "channels": ["EMAIL"],
    }
    wish = {"categories": [{"category": "LEARNING", "channels": ["SMS"]}], "phoneNumber": "+49 151 12345678"}
    after = (await ada.data(WISH, input=wish))["updateNotificationPreferences"]
    assert after["preferences"]["phoneNumber"] == "+4915112345678"
    chosen = {one["category"]: one["channels"] for one in after["preferences"]["categories"]}
    assert (chosen["LEARNING"], chosen["PAYMENTS"]) == (["SMS"], ["EMAIL", "PUSH"])
    taken = (await ada.data(WISH, input={"phoneNumber": None}))["updateNotificationPreferences"]
    assert taken["preferences"]["phoneNumber"] is None


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (
            {"categories": [{"category": "ACCOUNT", "channels": ["PUSH"]}]},
            {"code": "MANDATORY_CATEGORY", "field": "category"},
        ),
        ({"phoneNumber": "1234"}, {"code": "INVALID_PHONE_NUMBER", "field": "phoneNumber"}),
    ],
)
async def test_wishes_that_cannot_be(office: PostOffice, wish: object, error: object) -> None:
    await office.meet(ADA)
    await office.deliver()
    answer = (await office.ask(ADA).data(WISH, input=wish))["updateNotificationPreferences"]
    assert (answer["preferences"], answer["errors"]) == (None, [error])


async def test_devices_come_and_go(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.deliver()
    ada = office.ask(ADA)
    selection = "{ preferences { deviceCount } errors { code } }"
    for mutation, count in (("registerDevice", 1), ("registerDevice", 1), ("unregisterDevice", 0)):
        query = f'mutation {{ {mutation}(input: {{token: "d"}}) {selection} }}'
        assert (await ada.data(query))[mutation] == {"preferences": {"deviceCount": count}, "errors": []}
    refusal = await ada.data(f'mutation {{ registerDevice(input: {{token: ""}}) {selection} }}')
    assert refusal["registerDevice"]["errors"] == [{"code": "INVALID_DEVICE"}]


async def test_the_staff_sees_what_failed(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.send(Template.PAYMENT_FAILED, ADA)
    await office.send(Template.WELCOME, ADA)
    await office.deliver()
    query = """query ($status: NotificationStatus, $template: NotificationTemplate, $user: ID) {
        notificationDeliveries(status: $status, template: $template, userId: $user) {
            nodes { channel status template attempt reason user { id } notification { subject } } } }"""
    staff = office.ask(STAFF)
    [failed] = (await staff.data(query, status="FAILED"))["notificationDeliveries"]["nodes"]
    assert failed == {
        "channel": "EMAIL",
        "status": "FAILED",
        "template": "PAYMENT_FAILED",
        "attempt": 1,
        "reason": "TEMPLATE_VALUE_MISSING",
        "user": {"id": ADA.id},
        "notification": {"subject": ""},
    }
    for filters, number in (({}, 2), ({"template": "WELCOME"}, 1), ({"user": BOB.id}, 0)):
        assert len((await staff.data(query, **filters))["notificationDeliveries"]["nodes"]) == number
    preview = "{ notificationPreview(template: SUBMISSION_GRADED) { subject text html } }"
    shown = (await staff.data(preview))["notificationPreview"]
    assert shown["subject"] == "17 of 20 points for Five knots"
    assert "<html" in shown["html"]


async def test_what_each_role_may_not(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.deliver()
    own = ("{ notifications { nodes { id } } }", "{ notificationPreferences { phoneNumber } }")
    managed = (
        "{ notificationDeliveries { nodes { status } } }",
        "{ notificationPreview(template: WELCOME) { text } }",
    )
    for query in (*own, *managed):
        answer = await office.ask(None).execute(query)
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    for query in managed:
        for actor in (ADA, BOB):
            answer = await office.ask(actor).execute(query)
            assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        for role in (Role.STAFF, Role.ADMIN, Role.SUPER_ADMIN):
            await office.ask(person(9, role)).data(query)
    resend = 'mutation { resendNotification(input: {notificationId: "x"}) { errors { code } } }'
    for whoever, code in ((None, "UNAUTHENTICATED"), (BOB, "FORBIDDEN"), (STAFF, "NOTIFICATION_NOT_FOUND")):
        assert (await office.ask(whoever).data(resend))["resendNotification"]["errors"] == [{"code": code}]
    everything = "mutation { markAllNotificationsRead { errors { code } } }"
    visitor = await office.ask(None).data(everything)
    assert visitor["markAllNotificationsRead"]["errors"] == [{"code": "UNAUTHENTICATED"}]


async def test_many_users_are_one_statement(office: PostOffice) -> None:
    await _tell(office, Template.WELCOME)
    representations = [{"__typename": "User", "id": actor.id} for actor in (ADA, BOB, STAFF)] * 2
    query = """query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { unreadNotificationCount } } }"""
    with selects() as counted:
        found = (await office.ask(STAFF).data(query, r=representations))["_entities"]
    assert [one["unreadNotificationCount"] for one in found] == [1, 0, 0] * 2
    assert len(counted) == 1
    deliveries = "{ notificationDeliveries { nodes { notification { subject } user { id } } } }"
    with selects() as counted:
        await office.ask(STAFF).data(deliveries)
    assert len(counted) == 2
