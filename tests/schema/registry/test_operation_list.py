"""Thousands of operations, of which people look at a part."""

from plait_schema.registry.pages.operation_list import operation_list
from plait_schema.registry.usage import OperationUsage


def operation(number: int) -> OperationUsage:
    return OperationUsage(
        id=str(number),
        name=f"Op{number:03}",
        document=f"query Op{number:03} {{ {'cart' if number % 2 else 'user'} }}",
        requests=number,
        errors=1 if number == 7 else 0,
        durations={number: 1},
        clients={"ios 1": number} if number < 30 else {"web 2": 1, "ios 1": number - 1},
    )


OPERATIONS = [operation(number) for number in range(250)]


def test_it_is_sorted_and_comes_in_pages() -> None:
    first = operation_list(OPERATIONS, "", "requests", 1)
    assert (first.found, first.pages, len(first.shown)) == (250, 3, 100)
    assert [one.requests for one in first.shown[:2]] == [249, 248]
    last = operation_list(OPERATIONS, "", "requests", 99)
    assert (last.number, last.shown[-1].requests, len(last.shown)) == (3, 0, 50)
    names = {
        sort: operation_list(OPERATIONS, "", sort, 1).shown[0].name
        for sort in ("name", "errors", "p50", "p95", "clients", "mood")
    }
    assert names == {
        "name": "Op000",
        "errors": "Op007",
        "p50": "Op249",
        "p95": "Op249",
        "clients": "Op030",
        "mood": "Op249",
    }


def test_all_words_are_searched_in_names_documents_and_clients() -> None:
    found = operation_list(OPERATIONS, " CART  web ", "name", 1)
    assert (found.found, found.shown[0].name) == (110, "Op031")
    nothing = operation_list(OPERATIONS, "cart user", "name", 3)
    assert (nothing.found, nothing.number, nothing.pages, nothing.shown) == (0, 1, 1, ())
