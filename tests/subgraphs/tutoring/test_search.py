"""Tutors are found by what they offer, on both databases alike."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Currency, Money, PageRequest
from subgraphs.kernel.projections import Projections
from subgraphs.tutoring.commands import VerifyTutor
from subgraphs.tutoring.domain.availability import Weekday
from subgraphs.tutoring.queries.finding import SearchTutors, Subjects, SubjectView, TutorOrder
from subgraphs.tutoring.search.words import asked, indexed
from tests.subgraphs.learning.school import selects
from tests.subgraphs.people import done
from tests.subgraphs.tutoring.agency import EUR, OTHER, STAFF, THIRD, TUTOR, Agency, open_agency, tutor_id

ALL = SearchTutors(PageRequest())
NAMES = {tutor_id(TUTOR): "ana", tutor_id(OTHER): "ben", tutor_id(THIRD): "cleo"}


@pytest.fixture
async def market(store: str, tmp_path: Path) -> AsyncIterator[Agency]:
    """Three tutors: Ana and Ben teach sailing, Ben and Cleo maths."""
    async with open_agency(tmp_path, database_url=store) as agency:
        await agency.join(TUTOR, OTHER, THIRD)
        await agency.offer(
            TUTOR,
            "Sailing",
            headline="Knots & Übersegel",
            bio="Statistics of winds, too.",
            languages=("de", "en"),
            rate=2500,
        )
        await agency.offer(OTHER, "Maths", "sailing", headline="Numbers at sea", languages=("en",), rate=4000)
        await agency.offer(THIRD, "Maths", "Statistics", headline="Proofs, slowly", bio='O\'Neil; 50% "off"')
        await agency.has_time(TUTOR, "Europe/Berlin", (Weekday.MONDAY, 9, 12))
        await agency.has_time(OTHER, "America/New_York", (Weekday.MONDAY, 3, 5), (Weekday.SUNDAY, 20, 24))
        done(await agency.by(STAFF, VerifyTutor(tutor_id(THIRD))))
        await agency.deliver()
        yield agency


async def _found(agency: Agency, query: SearchTutors) -> list[str]:
    page = await agency.tutoring.queries.ask(query, RequestContext(None, "by hand"))
    assert page.total >= len(page.items)
    return [NAMES[one] for one in page.items]


async def test_a_market_is_searched(market: Agency) -> None:
    """One test for all questions, since a market takes a while to open."""
    everybody = ["cleo", *sorted((tutor_id(TUTOR), tutor_id(OTHER)))]
    assert await _found(market, ALL) == [NAMES.get(one, one) for one in everybody]  # verified ones first
    for text, names in {
        "sailing": {"ana", "ben"},
        "SAIL": {"ana", "ben"},
        "ubersegel": {"ana"},
        "übersegel knots": {"ana"},
        "knots maths": set(),
        "sea": {"ben"},
        "o'neil": {"cleo"},
        '50% "off" -- ) OR *': set(),
        "off": {"cleo"},
        "nobody": set(),
        "!!!": {"ana", "ben", "cleo"},
    }.items():
        assert set(await _found(market, replace(ALL, text=text))) == names, text
    # A subject says more than the headline, that more than the bio, of each word; then who is verified. The
    # order is the same on both databases.
    for text, order in {
        "statistics": ["cleo", "ana"],
        "n": ["ben", "cleo"],  # Numbers in the headline, O'Neil in the bio
        "s": ["cleo", *(NAMES[one] for one in everybody[1:])],  # in a subject of each
        "sail s": [NAMES[one] for one in everybody[1:]],
        "sail sea": ["ben"],
        "o": ["cleo", "ana"],
    }.items():
        assert await _found(market, replace(ALL, text=text)) == order, text
    for query, names in (
        (replace(ALL, subjects=("SAILING ", "maths")), {"ben"}),
        (replace(ALL, subjects=("Maths",)), {"ben", "cleo"}),
        (replace(ALL, languages=("en", "de")), {"ana"}),
        (replace(ALL, highest_rate=Money(2500, EUR)), {"ana"}),
        (replace(ALL, lowest_rate=Money(2501, EUR)), {"ben"}),
        (replace(ALL, highest_rate=Money(9900, Currency("USD"))), set()),
        (replace(ALL, only_verified=True), {"cleo"}),
        (replace(ALL, lowest_rating=1), set()),
        # Monday, half past seven UTC: half past nine in Berlin, half past three in New York
        (replace(ALL, available_at=datetime(2025, 9, 1, 7, 30, tzinfo=UTC)), {"ana", "ben"}),
        (replace(ALL, available_at=datetime(2025, 9, 1, 9, 30, tzinfo=UTC)), {"ana"}),
        (replace(ALL, available_at=datetime(2025, 9, 1, 3, 59, tzinfo=UTC)), {"ben"}),
        (replace(ALL, available_at=datetime(2025, 9, 1, 4, 0, tzinfo=UTC)), set()),
        (replace(ALL, text="sail", available_at=datetime(2025, 9, 1, 9, 30, tzinfo=UTC)), {"ana"}),
    ):
        assert set(await _found(market, query)) == names, query
    assert await _found(market, replace(ALL, order=TutorOrder.PRICE_ASCENDING)) == ["ana", "ben", "cleo"]
    assert await _found(market, replace(ALL, order=TutorOrder.PRICE_DESCENDING)) == ["ben", "ana", "cleo"]
    assert (await _found(market, replace(ALL, order=TutorOrder.RATING)))[0] == "cleo"
    page = replace(ALL, page=PageRequest(1, 1), order=TutorOrder.PRICE_ASCENDING)
    assert await _found(market, page) == ["ben"]
    taught = await market.tutoring.queries.ask(Subjects(10), RequestContext(None, "by hand"))
    assert list(taught) == [SubjectView("Maths", 2), SubjectView("Sailing", 2), SubjectView("Statistics", 1)]
    for query, code in (
        (replace(ALL, text="x" * 201), "INVALID_SEARCH"),
        (
            replace(ALL, lowest_rate=Money(1, EUR), highest_rate=Money(2, Currency("USD"))),
            "MIXED_CURRENCIES",
        ),
    ):
        with pytest.raises(QueryError) as refusal:
            await _found(market, query)
        assert refusal.value.error.code == code
    # All of it again, from the events.
    before = await _found(market, replace(ALL, text="statistics"))
    projections = Projections(market.platform.transactions, market.tutoring.projections)
    await projections.rebuild("tutoring.search", RequestContext(STAFF, "by hand"))
    await market.deliver()
    assert [one.status for one in await projections.list()] == ["retired", "live"]
    assert await _found(market, replace(ALL, text="statistics")) == before
    await projections.drop_old("tutoring.search", RequestContext(STAFF, "by hand"))
    # What is said anew is found anew.
    await market.offer(TUTOR, "Cooking")
    await market.deliver()
    assert await _found(market, replace(ALL, text="knots")) == []
    assert await _found(market, replace(ALL, text="cook")) == ["ana"]


ODD = (
    "Straße ﬁsh ℌello 𝕎ide İzmir İĞNE ſtone Ǆep K2 x² ½ 3d 1e5 0x1f 12e5x a1b2 007 १२३ Ωmega ΣΊΣΥΦΟΣ Ёлка йод"
    " हिन्दी 北京大学 ㌀ 한국어 ไทย 𞤀𞤣 quiz Q q1 qq q000031 C++ snake_case l'été NEAR AND OR NOT"
)


async def test_odd_texts_are_found_by_their_words_and_their_beginnings(store: str, tmp_path: Path) -> None:
    """Whatever a database takes for a letter, a word, a number or an operator."""
    async with open_agency(tmp_path, database_url=store) as agency:
        await agency.join(TUTOR, OTHER)
        await agency.offer(TUTOR, "Odds", headline="Ends", bio=f"{ODD} {'ﷺ' * 40} {'a' * 3000}")
        await agency.offer(OTHER, "Ends", bio="plain")
        await agency.deliver()
        for word in ODD.split():
            for text in (word.upper(), word[: len(word) // 2 + 1]):
                assert "ana" in await _found(agency, replace(ALL, text=text)), text
        for text, names in {
            "'": {"ana", "ben"},  # no word at all
            '"plain': {"ben"},
            "plain*": {"ben"},
            "-plain": {"ben"},
            "bio:plain": set(),
            "(plain) | ends": {"ben"},
            "plain & !ends": {"ben"},
            "plain <-> ends": {"ben"},
            "NEAR(plain ends)": set(),
            "ends\\ \x00\ud7ff%_": {"ana", "ben"},
            "q000031": {"ana"},
            "a" * 200: {"ana"},
            "ﷺ" * 200: {"ana"},
            "㌀" * 200: set(),
            "🙂 plain": {"ben"},
        }.items():
            assert set(await _found(agency, replace(ALL, text=text))) == names, text


def test_words_are_the_same_in_a_text_and_in_a_question() -> None:
    assert indexed("Émile's C++ & snake_case — Straße ж3") == "emile s c snake case strasse q0004363"
    assert asked("Straße, STRASSE! ſTRASSE") == ("strasse",)
    assert len(asked(" ".join(map(str, range(50))))) == 12


@examples(st.text(max_size=30), st.text(max_size=30))
def test_a_beginning_is_spelled_as_a_beginning_and_nothing_else_is(one: str, other: str) -> None:
    for word in asked(one):
        assert re.fullmatch("[a-z][a-z0-9]*", word)
    beginnings = indexed(one).split()
    assert all(beginning in indexed(f"{one} {other}").split() for beginning in beginnings[:-1])


async def test_what_many_look_for_is_looked_for_once(agency: Agency) -> None:
    """Section 22: popular searches are cached; nobody is told what is true no longer."""
    await agency.join(TUTOR, OTHER)
    await agency.offer(TUTOR, "Sailing")
    await agency.offer(OTHER, "Sailing")
    await agency.deliver()
    query = replace(ALL, text="sail", page=PageRequest(limit=5))

    async def asked_again() -> tuple[set[str], bool]:
        with selects() as made:
            names = await _found(agency, query)
        return set(names), any("tutoring_tutor_search" in one for one in made)

    assert await asked_again() == ({"ana", "ben"}, True)
    assert await asked_again() == ({"ana", "ben"}, False)
    assert await _found(agency, replace(query, only_verified=True)) == []
    await agency.offer(TUTOR, "Cooking")
    assert await asked_again() == ({"ana", "ben"}, False), "the search has not heard of it yet"
    await agency.deliver()
    assert await asked_again() == ({"ben"}, True)
