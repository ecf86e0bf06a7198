"""Merging types does not depend on the order, and gives a type that all others fit."""

import random

import pytest
from graphql import parse_type, print_ast

from plait_schema.composition.merge.type_references import merge_input_types, merge_output_types


def _is_subtype(sub: str, abstract: str) -> bool:
    return (sub, abstract) in {("Video", "Media"), ("Text", "Media"), ("Video", "Hit")}


@pytest.mark.parametrize(
    ("types", "merged"),
    [
        (["Int", "Int!"], "Int"),
        (["[Int!]!", "[Int]!", "[Int!]"], None),
        (["[Int!]!", "[Int]!", "[Int!]", "[Int]"], "[Int]"),
        (["Video", "Media!", "Text"], None),
        (["Video!", "Media", "Text"], "Media"),
        (["Media", "Hit", "Video"], None),
        (["[Video!]!", "[Media]"], "[Media]"),
        (["Int", "[Int]"], None),
        (["Int", "String"], None),
    ],
)
def test_output(types: list[str], merged: str | None) -> None:
    for seed in range(5):
        shuffled = random.Random(seed).sample(types, len(types))
        found = merge_output_types([parse_type(type_) for type_ in shuffled], _is_subtype)
        assert (print_ast(found) if found else None) == merged


@pytest.mark.parametrize(
    ("types", "merged"),
    [
        (["Int", "Int!"], "Int!"),
        (["[Int!]!", "[Int]!", "[Int!]"], "[Int!]!"),
        (["[Int]!", "[Int!]"], None),
        (["Video", "Media"], None),
        (["Int", "[Int]"], None),
    ],
)
def test_input(types: list[str], merged: str | None) -> None:
    for seed in range(5):
        shuffled = random.Random(seed).sample(types, len(types))
        found = merge_input_types([parse_type(type_) for type_ in shuffled])
        assert (print_ast(found) if found else None) == merged
