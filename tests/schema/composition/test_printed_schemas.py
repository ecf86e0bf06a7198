"""Schemas as Strawberry prints them, for each version of Federation that it knows, compose as they are."""

from inspect import signature
from typing import Annotated, get_args

import pytest
import strawberry
from graphql import GraphQLObjectType

from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph

_VERSIONS = get_args(
    signature(strawberry.federation.Schema.__init__).parameters["federation_version"].annotation
)


@strawberry.federation.type(keys=["id"])
class Student:
    id: strawberry.ID
    name: str = strawberry.federation.field(shareable=True, tags=["public"])


@strawberry.federation.interface
class Content:
    id: strawberry.ID


@strawberry.input
class Page:
    """Which part of a list."""

    size: int = 10
    note: str | None = 'a "quoted" \\ note\nin lines'


@strawberry.federation.type(keys=["id", "slug"], description="What is learnt")
class Course(Content):
    slug: str
    teacher: "Student | None"
    notes: str = strawberry.federation.field(inaccessible=True)
    old: str = strawberry.field(deprecation_reason="It is not used.")


@strawberry.type
class Query:
    @strawberry.field
    def courses(
        self, page: Page, of: Annotated[list[int] | None, strawberry.argument(description="Some")] = None
    ) -> list[Course]:
        return []


def test_strawberry_names_its_versions() -> None:
    assert "2.0" in _VERSIONS
    assert "2.11" in _VERSIONS


@pytest.mark.parametrize("version", _VERSIONS)
@pytest.mark.parametrize("printed", ["by itself", "by _service"])
def test_strawberry(version: str, printed: str) -> None:
    schema = strawberry.federation.Schema(query=Query, federation_version=version)  # type: ignore[arg-type]  # one of them
    sdl = schema.as_str()
    if printed == "by _service":
        answer = schema.execute_sync("{ _service { sdl } }")
        assert answer.data is not None
        sdl = answer.data["_service"]["sdl"]
    composition = compose([SubgraphSource("courses", "http://courses.example", sdl)])
    assert composition.diagnostics == ()
    assert composition.supergraph_sdl is not None
    course = read_supergraph(composition.supergraph_sdl).api_schema.get_type("Course")
    assert isinstance(course, GraphQLObjectType)
    assert list(course.fields) == ["id", "slug", "teacher", "old"]
    assert course.description == "What is learnt"
