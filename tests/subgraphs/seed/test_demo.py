"""The first query fits the three subgraphs together, before any composer has seen them."""

from pathlib import Path

from graphql import (
    ObjectTypeDefinitionNode,
    build_ast_schema,
    parse,
    validate,
)
from graphql.language import DefinitionNode, DocumentNode

from subgraphs.seed.demo import DEFAULT_QUERY, SAMPLE_QUERY

_SUBGRAPHS = Path(__file__).parents[3] / "subgraphs"


def test_the_default_query_is_valid_and_crosses_all_three_subgraphs() -> None:
    schema = build_ast_schema(_merged(("identity", "learning", "gamification")), assume_valid_sdl=True)
    assert validate(schema, parse(DEFAULT_QUERY)) == []
    assert validate(schema, parse(SAMPLE_QUERY)) == []
    for two in (("identity", "learning"), ("identity", "gamification"), ("learning", "gamification")):
        partial = build_ast_schema(_merged(two), assume_valid_sdl=True)
        assert validate(partial, parse(DEFAULT_QUERY)) != [], two


def _merged(names: tuple[str, ...]) -> DocumentNode:
    """Types of one name put together, fields of one name once: enough to validate a query against."""
    definitions: dict[str, DefinitionNode] = {}
    for name in names:
        for definition in parse(
            (_SUBGRAPHS / name / "schema.graphql").read_text(encoding="utf-8")
        ).definitions:
            key = getattr(getattr(definition, "name", None), "value", "")
            match definitions.get(key), definition:
                case ObjectTypeDefinitionNode() as before, ObjectTypeDefinitionNode():
                    both = (*(before.fields or ()), *(definition.fields or ()))
                    fields = {field.name.value: field for field in both}
                    definitions[key] = ObjectTypeDefinitionNode(
                        name=before.name, fields=tuple(fields.values())
                    )
                case _ if key:
                    definitions.setdefault(key, definition)
    return DocumentNode(definitions=tuple(definitions.values()))
