"""The rules of tutoring."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from subgraphs.kernel.domain import Currency, DomainError, Failure, Money, Result, Success
from subgraphs.kernel.testing.scenario import given
from subgraphs.tutoring.domain.availability import Availability, Weekday, Window
from subgraphs.tutoring.domain.errors import (
    ALREADY_VERIFIED,
    INVALID_BIO,
    INVALID_HEADLINE,
    INVALID_HOURLY_RATE,
    INVALID_LANGUAGES,
    INVALID_SUBJECTS,
    INVALID_TIME_ZONE,
    INVALID_WINDOW,
    NOTHING_WANTED,
    PROFILE_INCOMPLETE,
    SELF_VERIFICATION,
    TOO_MANY_WINDOWS,
)
from subgraphs.tutoring.domain.events import (
    AvailabilityChanged,
    TutorDashboardInitialized,
    TutorListed,
    TutorProfileCreated,
    TutorProfileUpdated,
    TutorUnlisted,
    TutorVerified,
)
from subgraphs.tutoring.domain.matching import Candidate, MatchReason, Wanted, matches
from subgraphs.tutoring.domain.tutor import TutorProfile
from subgraphs.tutoring.domain.values import Offer, TutorId, UserId

NOW = datetime(2025, 9, 1, 8, tzinfo=UTC)  # a Monday
LATER = NOW + timedelta(hours=1)
USER, STAFF = UserId("u"), UserId("s")
ID = TutorId.of(USER)
EUR, USD = Currency("EUR"), Currency("USD")
OFFER = Offer("Knots for beginners", "", ("Seamanship",), ("en",), Money(3000, EUR))
MONDAYS = Availability("UTC", (Window(Weekday.MONDAY, 480, 600),))


def _profile(*, offer: Offer = OFFER) -> TutorProfile:
    profile = TutorProfile.create(USER, NOW)
    profile.update(offer, NOW)
    return profile


def _doing(act: Callable[[TutorProfile], None]) -> Callable[[TutorProfile], Result[None, DomainError]]:
    """Something that is never refused."""

    def done(profile: TutorProfile) -> Result[None, DomainError]:
        act(profile)
        return Success(None)

    return done


def test_who_becomes_a_tutor_has_one_profile() -> None:
    profile = TutorProfile.create(USER, NOW)
    assert profile.pull_events() == (TutorProfileCreated(ID, USER, NOW),)
    assert profile.id == TutorId.of(USER) != TutorId.of(STAFF)


def test_what_is_said_again_is_no_event() -> None:
    given(_profile()).when(_doing(lambda one: one.update(OFFER, LATER))).then()
    given(_profile(offer=Offer())).when(_doing(lambda one: one.update(OFFER, LATER))).then(
        TutorProfileUpdated(ID, OFFER, LATER)
    )
    profile = _profile()
    given(profile).when(_doing(lambda one: one.set_availability(MONDAYS, LATER))).then(
        AvailabilityChanged(ID, MONDAYS, LATER)
    )
    given(profile).when(_doing(lambda one: one.set_availability(MONDAYS, LATER))).then()


def test_the_academy_vouches_for_others_who_say_what_they_teach() -> None:
    profile = _profile()
    given(profile).when(lambda one: one.verify(STAFF, LATER)).then(TutorVerified(ID, STAFF, LATER))
    given(profile).when(lambda one: one.verify(STAFF, LATER)).then_refused(ALREADY_VERIFIED)
    given(_profile()).when(lambda one: one.verify(USER, LATER)).then_refused(SELF_VERIFICATION)
    for offer in (Offer(headline="Knots"), Offer(subjects=("Knots",))):
        given(_profile(offer=offer)).when(lambda one: one.verify(STAFF, LATER)).then_refused(
            PROFILE_INCOMPLETE
        )


def test_who_stops_is_not_found_until_they_are_back() -> None:
    profile = _profile()
    given(profile).when(_doing(lambda one: one.unlist(LATER))).then(TutorUnlisted(ID, LATER))
    given(profile).when(_doing(lambda one: one.unlist(LATER))).then()
    given(profile).when(_doing(lambda one: one.update(OFFER, LATER))).then(TutorListed(ID, LATER))


def test_who_may_not_log_in_is_not_found_until_they_may() -> None:
    profile = _profile()
    given(profile).when(_doing(lambda one: one.suspend(LATER))).then(TutorUnlisted(ID, LATER))
    given(profile).when(_doing(lambda one: one.update(profile.offer, LATER))).then()
    given(profile).when(_doing(lambda one: one.resume(LATER))).then(TutorListed(ID, LATER))
    given(profile).when(_doing(lambda one: one.resume(LATER))).then()


def test_who_was_not_found_before_is_not_found_when_they_may_log_in_again() -> None:
    profile = _profile()
    profile.unlist(LATER)
    profile.suspend(LATER)
    profile.pull_events()
    given(profile).when(_doing(lambda one: one.resume(LATER))).then()


def test_a_dashboard_is_made_once() -> None:
    profile = _profile()
    given(profile).when(_doing(lambda one: one.initialize_dashboard(LATER))).then(
        TutorDashboardInitialized(ID, LATER)
    )
    given(profile).when(_doing(lambda one: one.initialize_dashboard(LATER))).then()


def test_who_is_forgotten_says_nothing_any_more() -> None:
    profile = _profile()
    profile.forget(LATER)
    assert (profile.offer, profile.availability, profile.is_listed) == (Offer(), Availability(), False)


def test_an_offer_is_tidy() -> None:
    offer = Offer.of(
        headline="  Knots \n for beginners ",
        bio=" Since 1999. ",
        subjects=("Sea  manship", "sea manship", "Maths"),
        languages=("en", "en", "pt-BR"),
        hourly_rate=None,
    )
    assert offer == Success(
        Offer("Knots for beginners", "Since 1999.", ("sea manship", "Maths"), ("en", "pt-BR"), None)
    )


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"headline": "x" * 121}, INVALID_HEADLINE),
        ({"bio": "x" * 4001}, INVALID_BIO),
        ({"subjects": ("",)}, INVALID_SUBJECTS),
        ({"subjects": tuple(map(str, range(21)))}, INVALID_SUBJECTS),
        ({"languages": ("English",)}, INVALID_LANGUAGES),
        ({"hourly_rate": Money(0, EUR)}, INVALID_HOURLY_RATE),
        ({"hourly_rate": Money(100_000_001, EUR)}, INVALID_HOURLY_RATE),
    ],
)
def test_offers_that_cannot_be(said: dict[str, object], error: DomainError) -> None:
    nothing = {"headline": "", "bio": "", "subjects": (), "languages": (), "hourly_rate": None}
    assert Offer.of(**{**nothing, **said}) == Failure(error)  # type: ignore[arg-type]


def test_windows_that_touch_are_one() -> None:
    windows = [
        Window(Weekday.TUESDAY, 60, 120),
        Window(Weekday.MONDAY, 600, 660),
        Window(Weekday.MONDAY, 540, 600),
        Window(Weekday.MONDAY, 545, 550),
        Window(Weekday.MONDAY, 700, 720),
    ]
    assert Availability.of("Asia/Dhaka", windows) == Success(
        Availability(
            "Asia/Dhaka",
            (
                Window(Weekday.MONDAY, 540, 660),
                Window(Weekday.MONDAY, 700, 720),
                Window(Weekday.TUESDAY, 60, 120),
            ),
        )
    )


@pytest.mark.parametrize(("starts", "ends"), [(600, 600), (600, 540), (-1, 60), (1400, 1441)])
def test_what_is_no_window(starts: int, ends: int) -> None:
    assert Window.of(Weekday.MONDAY, starts, ends) == Failure(INVALID_WINDOW)


@pytest.mark.parametrize("zone", ["", "Atlantis/Capital", "../../etc/passwd", "a\0b"])
def test_what_is_no_time_zone(zone: str) -> None:
    assert Availability.of(zone, ()) == Failure(INVALID_TIME_ZONE)


def test_a_week_has_at_most_fifty_windows() -> None:
    windows = [Window(day, start, start + 1) for day in Weekday for start in range(0, 16, 2)]
    assert Availability.of("UTC", windows) == Failure(TOO_MANY_WINDOWS)


def test_time_is_by_the_clocks_where_the_tutor_lives() -> None:
    """Nine in Berlin is seven o'clock UTC in summer, and eight in winter."""
    berlin = Availability("Europe/Berlin", (Window(Weekday.MONDAY, 540, 600),))
    for instant, is_free in (
        (datetime(2025, 9, 1, 7, 0, tzinfo=UTC), True),
        (datetime(2025, 9, 1, 7, 59, tzinfo=UTC), True),
        (datetime(2025, 9, 1, 8, 0, tzinfo=UTC), False),
        (datetime(2025, 9, 2, 7, 0, tzinfo=UTC), False),
        (datetime(2025, 12, 1, 7, 0, tzinfo=UTC), False),
        (datetime(2025, 12, 1, 8, 0, tzinfo=UTC), True),
    ):
        assert berlin.includes(instant) is is_free


def test_two_find_time_in_common_across_the_world_and_the_end_of_the_week() -> None:
    berlin = Availability("Europe/Berlin", (Window(Weekday.MONDAY, 60, 180),))  # 23:00 to 01:00 UTC
    new_york = Availability("America/New_York", (Window(Weekday.SUNDAY, 20 * 60, 24 * 60),))  # from 00:00 UTC
    assert berlin.minutes_shared(new_york, as_of=NOW) == 60
    assert new_york.minutes_shared(berlin, as_of=NOW) == 60
    assert berlin.minutes_shared(Availability(), as_of=NOW) == 0


@settings(max_examples=15)
@for_all(
    st.lists(
        st.tuples(st.sampled_from(Weekday), st.integers(0, 1439), st.integers(1, 300)), min_size=1, max_size=8
    ),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]),
)
def test_somebody_shares_all_of_their_time_with_themselves(
    parts: list[tuple[Weekday, int, int]], zone: str
) -> None:
    windows = [Window(day, start, min(1440, start + length)) for day, start, length in parts]
    availability = Availability.of(zone, windows)
    assert isinstance(availability, Success)
    one = availability.value
    assert one.minutes_shared(one, as_of=NOW) == one.length
    free = sum(one.includes(NOW + timedelta(minutes=minute)) for minute in range(7 * 1440))
    assert free == one.length


def _candidate(name: str, **changes: object) -> Candidate:
    known = {"offer": OFFER, "availability": MONDAYS, "is_verified": False, "rating": 0}
    return Candidate(id=name, **{**known, **changes})  # type: ignore[arg-type]


def _wanted(*subjects: str, **wishes: object) -> Wanted:
    wanted = Wanted.of(subjects, **wishes)  # type: ignore[arg-type]
    assert isinstance(wanted, Success)
    return wanted.value


def test_nothing_is_not_looked_for() -> None:
    assert Wanted.of(["  "]) == Failure(NOTHING_WANTED)


def test_those_who_fit_better_come_first_and_say_why() -> None:
    both = Offer("", "", ("Seamanship", "Maths"), ("de",), Money(2500, EUR))
    candidates = [
        _candidate("half"),
        _candidate("all", offer=both, is_verified=True, rating=450),
        _candidate("dear", offer=Offer("", "", ("Maths",), (), Money(9000, EUR))),
        _candidate("cooks", offer=Offer("", "", ("Cooking",), (), None)),
        _candidate("dollars", offer=Offer("", "", ("Maths",), (), Money(9000, USD))),
    ]
    wanted = _wanted("maths", " SEAMANSHIP", languages=["de"], highest_rate=Money(4000, EUR), times=MONDAYS)
    found = matches(candidates, wanted, now=NOW)
    assert [(one.tutor_id, one.score) for one in found] == [("all", 100), ("half", 58), ("dollars", 42)]
    assert found[0].reasons == (
        MatchReason.ALL_SUBJECTS,
        MatchReason.WITHIN_BUDGET,
        MatchReason.TIME_IN_COMMON,
        MatchReason.LANGUAGE_IN_COMMON,
        MatchReason.VERIFIED,
        MatchReason.WELL_RATED,
    )
    assert found[1].reasons == (
        MatchReason.SOME_SUBJECTS,
        MatchReason.WITHIN_BUDGET,
        MatchReason.TIME_IN_COMMON,
    )


def test_what_nobody_asked_for_counts_for_everybody() -> None:
    [found] = matches([_candidate("one")], _wanted("Seamanship"), now=NOW)
    assert (found.score, found.reasons) == (90, (MatchReason.ALL_SUBJECTS,))
