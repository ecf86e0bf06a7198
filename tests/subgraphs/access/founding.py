"""How the town comes to be what it is: everybody does what they may, through the gateway."""

from typing import Final

from subgraphs.contracts.identity import Role
from subgraphs.contracts.scopes import SCOPES
from subgraphs.identity.commands import CreateUser
from subgraphs.identity.domain import Origin, PasswordHash, UserRole
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.domain import Currency, Money
from subgraphs.payments.commands.provider_news import RecordProviderNews
from subgraphs.payments.provider.stripe.events import DisputeNews, StripeEvent
from tests.subgraphs.access.town import PEOPLE, Town
from tests.subgraphs.people import done, token

EUROS: Final = {"amountMinor": 4900, "currency": "EUR"}
_PASSWORD: Final = "learn with owls"
_PASSWORD_HASH: Final = "$2b$04$Dclcr/yfMG9bZrzRqrcAx.BJGah2/n5mr.rHTmYnHd3tkp0ZEtvAq"
_QUESTION: Final = {"text": "marked-question", "options": ["one", "two"], "rightOptions": [1]}
_TESTS: Final = [
    {"input": "1", "expected": "1", "isSample": True},
    {"input": "2", "expected": "marked-hidden-test"},
]
_WEEKLY: Final = {"weekdays": ["MONDAY"], "at": "18:00:00", "startsOn": "2030-01-07"}


async def found(town: Town) -> None:
    """Let people in, and let them do what makes `town.ids`."""
    for part in (_people, _courses, _enrolments, _studying, _classes, _assignments, _money, _accounts):
        await part(town)
        await town.settle()


async def _people(town: Town) -> None:
    """Those who act, somebody whom nobody acts as, and somebody who is let in no more."""
    bystanders = {"clerk": Role.STAFF, "deactivated": Role.STUDENT}
    for person, role in {**PEOPLE, **bystanders}.items():
        if role is None:
            continue
        command = CreateUser(
            f"{person}@marked.example",
            person.title(),
            "Of-the-Town",
            UserRole(role),
            password_hash=PasswordHash(_PASSWORD_HASH),
            origin=Origin.IMPORTED,
        )
        identity = town.contexts["identity"].commands
        user_id = str(done(await identity.execute(command, RequestContext(SYSTEM, "founding"))))
        town.ids[person] = user_id
        issued = token(town.platform, Actor(user_id, role, SCOPES[role]))
        assert issued is not None
        town.tokens[person] = issued


async def _courses(town: Town) -> None:
    """`course` costs something, the free ones do not, `draft` is not published."""
    for name, price in (("course", 4900), ("free", 0), ("another_free", 0), ("draft", 1900)):
        made = await town.does(
            "tutor",
            "createCourse",
            "course { id }",
            title="marked-draft" if name == "draft" else f"The {name} course",
            description="About.",
            subject="Seamanship",
            difficulty="BEGINNER",
            price={"amountMinor": price, "currency": "EUR"},
        )
        course_id = made["course"]["id"]
        town.ids[name] = course_id
        section = await town.does("tutor", "addSection", "section { id }", courseId=course_id, title="One")
        town.ids[f"{name}_section"] = section["section"]["id"]
        for number in (1, 2):
            lesson = await town.does(
                "tutor",
                "addLesson",
                "lesson { id }",
                sectionId=section["section"]["id"],
                title=f"Lesson {number}",
                content=f"marked-content-{name}",
            )
            town.ids[f"{name}_lesson_{number}"] = lesson["lesson"]["id"]
        lesson_id = town.ids[f"{name}_lesson_1"]
        for kind, more in (
            ("PRACTICE", {}),
            ("QUIZ", {"questions": [_QUESTION]}),
            ("CODING", {"tests": _TESTS}),
        ):
            exercise = await town.does(
                "tutor",
                "addExercise",
                "exercise { id questions { id } }",
                lessonId=lesson_id,
                type=kind,
                title=kind,
                instructions="marked-instructions",
                **more,
            )
            town.ids[f"{name}_{kind.lower()}"] = exercise["exercise"]["id"]
            if kind == "QUIZ":
                town.ids[f"{name}_question"] = exercise["exercise"]["questions"][0]["id"]
        if name != "draft":
            await town.does("tutor", "publishCourse", "course { id }", courseId=course_id)


async def _enrolments(town: Town) -> None:
    """The student takes two courses, one of them for money."""
    await town.does("student", "registerCard", "user { id }", token="tok_visa")
    made = await town.does(
        "student", "requestCourseEnrollment", "enrollmentRequest { id }", courseId=town.ids["course"]
    )
    town.ids["request"] = made["enrollmentRequest"]["id"]
    free = await town.does("student", "enrollStudentInCourse", "enrollment { id }", courseId=town.ids["free"])
    town.ids["free_enrollment"] = free["enrollment"]["id"]


async def _studying(town: Town) -> None:
    answer = await town.ask("student", "{ me { enrollments { nodes { id payment { id } course { id } } } } }")
    for one in answer["data"]["me"]["enrollments"]["nodes"]:
        if one["course"]["id"] == town.ids["course"]:
            town.ids["enrollment"], town.ids["payment"] = one["id"], one["payment"]["id"]
    await town.does(
        "student",
        "submitQuiz",
        "quizAttempt { id }",
        exerciseId=town.ids["course_quiz"],
        answers=[{"questionId": town.ids["course_question"], "options": [1]}],
    )
    await town.does(
        "student",
        "submitCodingExercise",
        "codingSubmission { id }",
        exerciseId=town.ids["course_coding"],
        source="# marked-program\n",
    )


async def _classes(town: Town) -> None:
    """`class` takes students in, `active` meets, `private` is the student's alone."""
    for name, kind in (("class", "GROUP"), ("active", "GROUP"), ("private", "PRIVATE")):
        made = await town.does(
            "staff",
            "createClass",
            "class { id }",
            type=kind,
            title="marked-private-class" if kind == "PRIVATE" else f"The {name} class",
            courseId=town.ids["course"],
            totalMeetings=4,
            price=EUROS,
            schedule=_WEEKLY,
            **({} if kind == "PRIVATE" else {"capacity": 5}),
        )
        town.ids[name] = made["class"]["id"]
        joined = await town.does(
            "staff",
            "enrollStudentInClass",
            "enrollment { id }",
            classId=town.ids[name],
            studentId=town.ids["student"],
            paymentAmount={"amountMinor": 7331},
            paymentMethod="CARD" if name == "class" else "BANK_TRANSFER",
        )
        town.ids[f"{name}_enrollment"] = joined["enrollment"]["id"]
    await town.does("tutor", "activateClass", "class { id }", classId=town.ids["active"])
    await town.does(
        "tutor",
        "markAttendance",
        "enrollment { id }",
        classId=town.ids["active"],
        studentId=town.ids["student"],
        meeting=1,
        status="PRESENT",
    )
    await town.does(
        "staff",
        "adjustCredit",
        "enrollment { id }",
        classId=town.ids["active"],
        studentId=town.ids["student"],
        delta=1,
        reason="marked-adjustment",
    )
    await town.does(
        "tutor",
        "unlockLesson",
        "class { id }",
        classId=town.ids["active"],
        lessonId=town.ids["course_lesson_1"],
    )


async def _assignments(town: Town) -> None:
    for name, class_id in (
        ("assignment", None),
        ("unanswered", None),
        ("class_assignment", town.ids["active"]),
    ):
        made = await town.does(
            "tutor",
            "createAssignment",
            "assignment { id }",
            courseId=town.ids["course"],
            classId=class_id,
            title="marked-assignment",
            instructions="Do it.",
            submissionTypes=["TEXT"],
        )
        town.ids[name] = made["assignment"]["id"]
    handed_in = await town.does(
        "student",
        "submitAssignment",
        "submission { id }",
        type="TEXT",
        assignmentId=town.ids["assignment"],
        content="marked-submission",
    )
    town.ids["submission"] = handed_in["submission"]["id"]
    await town.does(
        "tutor",
        "giveFeedback",
        "submission { id }",
        submissionId=town.ids["submission"],
        text="marked-feedback",
    )


async def _money(town: Town) -> None:
    invoiced = await town.does("staff", "issueInvoice", "invoice { id }", paymentId=town.ids["payment"])
    town.ids["invoice"] = invoiced["invoice"]["id"]
    town.ids["open_payment"] = town.ids["active_enrollment"]  # by the id of what it is for
    town.ids["refunded"] = town.ids["class_enrollment"]
    await town.does(  # so that the student stays in the class, whose other payment goes back
        "staff",
        "recordManualPayment",
        "payment { id }",
        studentId=town.ids["student"],
        classId=town.ids["class"],
        amount={"amountMinor": 7331},
        method="CASH",
    )
    credited = await town.does("staff", "issueInvoice", "invoice { id }", paymentId=town.ids["refunded"])
    town.ids["credited"] = credited["invoice"]["id"]
    await town.does(
        "staff", "initiateRefund", "payment { id }", paymentId=town.ids["refunded"], reason="marked-refund"
    )
    disputed = DisputeNews("marked-dispute", Money(4900, Currency("EUR")), "GENERAL", None, is_lost=False)
    told = StripeEvent("evt", "told", town.platform.clock.now(), town.ids["payment"], None, disputed)
    request = RequestContext(SYSTEM, "founding")
    done(await town.contexts["payments"].commands.execute(RecordProviderNews(told), request))
    await town.settle()
    notes = await town.ask("staff", "{ creditNotes { nodes { id } } }")
    town.ids["credit_note"] = notes["data"]["creditNotes"]["nodes"][0]["id"]
    started = await town.does("student", "startSubscription", "subscription { id }", plan="MONTHLY")
    town.ids["subscription"] = started["subscription"]["id"]


async def _accounts(town: Town) -> None:
    document = "mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }"
    login = {"email": "student@marked.example", "password": _PASSWORD}
    answer = await town.ask("visitor", document, {"input": login})
    town.ids["refresh_token"] = answer["data"]["login"]["refreshToken"]
    town.tokens["student"] = answer["data"]["login"]["accessToken"]
    sessions = await town.ask("student", "{ sessions { id } }")
    town.ids["session"] = sessions["data"]["sessions"][0]["id"]
    await town.does(
        "student",
        "updateNotificationPreferences",
        "preferences { deviceCount }",
        phoneNumber="+4915112345678",
    )
    await town.does("student", "registerDevice", "preferences { deviceCount }", token="marked-device")
    await town.does(
        "tutor",
        "updateTutorProfile",
        "tutorProfile { id }",
        headline="Knots",
        bio="Ropes.",
        subjects=["Seamanship"],
        languages=["en"],
        hourlyRate=EUROS,
    )
    answer = await town.ask("student", "{ notifications { nodes { id } } dailyQuests { id } }")
    town.ids["notification"] = answer["data"]["notifications"]["nodes"][0]["id"]
    town.ids["quest"] = answer["data"]["dailyQuests"][0]["id"]
    await town.does("staff", "deactivateUser", "user { id }", userId=town.ids["deactivated"], reason="Gone.")
    mine = await town.ask("tutor", "{ myTutorProfile { id } }")
    town.ids["tutor_profile"] = mine["data"]["myTutorProfile"]["id"]
