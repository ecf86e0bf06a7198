"""Every specification that a subgraph may link, as SDL in the specification's own names.

An entry for a version says what is new or changed in it; the rest is carried over from the version before.
https://specs.apollo.dev, https://www.apollographql.com/docs/graphos/reference/federation/versions
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from graphql import DirectiveDefinitionNode, TypeDefinitionNode, parse

from plait_schema.federation.versions import FEDERATION_1, FEDERATION_2, LATEST, Version

APOLLO = "https://specs.apollo.dev"
FEDERATION = f"{APOLLO}/federation"
LINK = f"{APOLLO}/link"
CORE = f"{APOLLO}/core"  # what @link was called before it was @link

# Specifications that change how a subgraph is asked, and what they would ask for.
UNSUPPORTED: Mapping[str, str] = {
    f"{APOLLO}/connect": "connectors call REST services, and every subgraph here must answer GraphQL",
}


@dataclass(frozen=True, slots=True)
class Elements:
    """The directives and types of one version of a specification, by their own names."""

    directives: Mapping[str, DirectiveDefinitionNode] = field(default_factory=dict)
    types: Mapping[str, TypeDefinitionNode] = field(default_factory=dict)

    def import_names(self) -> tuple[str, ...]:
        """What `@link(import:)` may name: directives with their @, and types."""
        return tuple(sorted([*(f"@{name}" for name in self.directives), *self.types]))


@dataclass(frozen=True, slots=True)
class Specification:
    """A specification, and from which federation version its elements belong to federation too."""

    identity: str
    versions: Mapping[Version, Elements]
    minimum_federation: Mapping[Version, Version] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last part of the identity, which is the default namespace."""
        return self.identity.rpartition("/")[2]


_TAG_0_1 = "directive @tag(name: String!) repeatable on FIELD_DEFINITION | INTERFACE | OBJECT | UNION"
_TAG_0_2 = f"""{_TAG_0_1}
    | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"""
_TAG_0_3 = f"{_TAG_0_2} | SCHEMA"

_INACCESSIBLE_0_1 = "directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION"
_INACCESSIBLE_0_2 = f"""{_INACCESSIBLE_0_1}
    | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"""

_AUTHENTICATED = "directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
_REQUIRES_SCOPES = """
  directive @requiresScopes(scopes: [[Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  scalar Scope
"""
_POLICY = """
  directive @policy(policies: [[Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  scalar Policy
"""
_CONTEXT = """
  directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
  directive @fromContext(field: ContextFieldValue) on ARGUMENT_DEFINITION
  scalar ContextFieldValue
"""
_COST = """
  directive @cost(weight: Int!) on
    ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION
"""
_CACHE_TAG = "directive @cacheTag(format: String!) repeatable on FIELD_DEFINITION | OBJECT"

_FEDERATION: dict[Version, str] = {
    (2, 0): f"""
      scalar FieldSet
      directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
      directive @requires(fields: FieldSet!) on FIELD_DEFINITION
      directive @provides(fields: FieldSet!) on FIELD_DEFINITION
      directive @external(reason: String) on OBJECT | FIELD_DEFINITION
      directive @extends on OBJECT | INTERFACE
      directive @shareable on OBJECT | FIELD_DEFINITION
      directive @override(from: String!) on FIELD_DEFINITION
      {_TAG_0_2}
      {_INACCESSIBLE_0_2}
    """,
    (2, 1): "directive @composeDirective(name: String) repeatable on SCHEMA",
    (2, 2): "directive @shareable repeatable on OBJECT | FIELD_DEFINITION",
    (2, 3): f"directive @interfaceObject on OBJECT {_TAG_0_3}",
    (2, 5): _AUTHENTICATED + _REQUIRES_SCOPES,
    (2, 6): _POLICY,
    (2, 7): "directive @override(from: String!, label: String) on FIELD_DEFINITION",
    (2, 8): _CONTEXT,
    (2, 9): _COST,
    (2, 12): _CACHE_TAG,
}

_FEDERATION_1 = f"""
  scalar _FieldSet
  directive @key(fields: _FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  directive @requires(fields: _FieldSet!) on FIELD_DEFINITION
  directive @provides(fields: _FieldSet!) on FIELD_DEFINITION
  directive @external(reason: String) on OBJECT | FIELD_DEFINITION
  directive @extends on OBJECT | INTERFACE
  {_TAG_0_2}
"""

_PURPOSE = "enum Purpose { SECURITY EXECUTION }"
_CORE_ARGUMENTS = "feature: String!, as: String, for: Purpose"
# The url is nullable: servers print it so.
_LINK = f"""
  directive @link(url: String, as: String, for: Purpose, import: [Import]) repeatable on SCHEMA
  scalar Import
  {_PURPOSE}
"""


def _elements(*definitions: str) -> Elements:
    directives: dict[str, DirectiveDefinitionNode] = {}
    types: dict[str, TypeDefinitionNode] = {}
    for sdl in definitions:
        for node in parse(sdl, no_location=True).definitions:
            match node:
                case DirectiveDefinitionNode(name=name):
                    directives[name.value] = node
                case TypeDefinitionNode(name=name):
                    types[name.value] = node
    return Elements(directives, types)


def _specification(name: str, versions: Mapping[Version, str], **minimum: Version) -> Specification:
    return Specification(
        f"{APOLLO}/{name}",
        {version: _elements(sdl) for version, sdl in versions.items()},
        {version: minimum[f"v{version[0]}_{version[1]}"] for version in versions if minimum},
    )


@cache
def federation_1() -> Elements:
    """What a subgraph may use that links nothing."""
    return _elements(_FEDERATION_1)


@cache
def federation_1_when_defined() -> Mapping[str, DirectiveDefinitionNode]:
    """The directives of Federation 2 that a subgraph may use that links nothing, but defines them itself."""
    directives = known_specifications()[FEDERATION].versions[LATEST].directives
    names = ("composeDirective", "inaccessible", "interfaceObject", "override", "shareable")
    return {name: directives[name] for name in names}


@cache
def known_specifications() -> Mapping[str, Specification]:
    """By identity: the specifications whose elements are known here."""
    federation = Specification(
        FEDERATION,
        {
            version: _elements(*(sdl for since, sdl in _FEDERATION.items() if since <= version))
            for version in FEDERATION_2
        },
    )
    others = (
        _specification("link", {(1, 0): _LINK}),
        _specification(
            "core",
            {
                (0, 1): "directive @core(feature: String!, as: String) repeatable on SCHEMA",
                (0, 2): f"directive @core({_CORE_ARGUMENTS}) repeatable on SCHEMA {_PURPOSE}",
            },
        ),
        _specification(
            "tag",
            {(0, 1): _TAG_0_1, (0, 2): _TAG_0_2, (0, 3): _TAG_0_3},
            v0_1=FEDERATION_1,
            v0_2=FEDERATION_1,
            v0_3=FEDERATION_1,
        ),
        _specification(
            "inaccessible",
            {(0, 1): _INACCESSIBLE_0_1, (0, 2): _INACCESSIBLE_0_2},
            v0_1=FEDERATION_1,
            v0_2=(2, 0),
        ),
        _specification("authenticated", {(0, 1): _AUTHENTICATED}, v0_1=(2, 5)),
        _specification("requiresScopes", {(0, 1): _REQUIRES_SCOPES}, v0_1=(2, 5)),
        _specification("policy", {(0, 1): _POLICY}, v0_1=(2, 6)),
        _specification("context", {(0, 1): _CONTEXT}, v0_1=(2, 8)),
        _specification("cost", {(0, 1): _COST}, v0_1=(2, 9)),
    )
    return {specification.identity: specification for specification in (federation, *others)}


def elements_of(identity: str, version: Version) -> Elements | None:
    """The elements of a specification's version, None when either is not known here."""
    specification = known_specifications().get(identity)
    return specification.versions.get(version) if specification else None
