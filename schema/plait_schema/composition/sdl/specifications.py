"""The definitions that a supergraph carries for the specifications it links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Specification:
    """A linked specification: its url, what it is for, and the SDL of its elements.

    `directives` are templates: {name} stands for what the directive is called in this supergraph.
    """

    name: str
    version: str
    purpose: str | None = None
    directives: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """https://specs.apollo.dev/name/version"""
        return f"https://specs.apollo.dev/{self.name}/{self.version}"


_AUTHORIZED: Final = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
_EVERYTHING: Final = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE"
    " | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)

LINK: Final = Specification(
    "link",
    "v1.0",
    directives={
        "link": "directive @{name}(url: String, as: String, for: link__Purpose, import: [link__Import])"
        " repeatable on SCHEMA"
    },
    types={
        "link__Import": "scalar link__Import",
        "link__Purpose": '''\
enum link__Purpose {
  """
  `SECURITY` features provide metadata necessary to securely resolve fields.
  """
  SECURITY

  """
  `EXECUTION` features provide metadata necessary for operation execution.
  """
  EXECUTION
}''',
    },
)

JOIN: Final = Specification(
    "join",
    "v0.5",
    "EXECUTION",
    directives={
        "join__directive": "directive @{name}(graphs: [join__Graph!], name: String!,"
        " args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION",
        "join__enumValue": "directive @{name}(graph: join__Graph!) repeatable on ENUM_VALUE",
        "join__field": "directive @{name}(graph: join__Graph, requires: join__FieldSet,"
        " provides: join__FieldSet, type: String, external: Boolean, override: String,"
        " usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!])"
        " repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION",
        "join__graph": "directive @{name}(name: String!, url: String!) on ENUM_VALUE",
        "join__implements": "directive @{name}(graph: join__Graph!, interface: String!) repeatable"
        " on OBJECT | INTERFACE",
        "join__type": "directive @{name}(graph: join__Graph!, key: join__FieldSet,"
        " extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false)"
        " repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR",
        "join__unionMember": "directive @{name}(graph: join__Graph!, member: String!) repeatable on UNION",
    },
    types={
        "join__ContextArgument": """\
input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}""",
        "join__DirectiveArguments": "scalar join__DirectiveArguments",
        "join__FieldSet": "scalar join__FieldSet",
        "join__FieldValue": "scalar join__FieldValue",
    },
)

OPTIONAL: Final = (
    Specification(
        "tag",
        "v0.3",
        directives={"tag": f"directive @{{name}}(name: String!) repeatable on {_EVERYTHING} | SCHEMA"},
    ),
    Specification(
        "inaccessible", "v0.2", "SECURITY", {"inaccessible": f"directive @{{name}} on {_EVERYTHING}"}
    ),
    Specification(
        "authenticated", "v0.1", "SECURITY", {"authenticated": f"directive @{{name}} on {_AUTHORIZED}"}
    ),
    Specification(
        "requiresScopes",
        "v0.1",
        "SECURITY",
        {"requiresScopes": f"directive @{{name}}(scopes: [[requiresScopes__Scope!]!]!) on {_AUTHORIZED}"},
        {"requiresScopes__Scope": "scalar requiresScopes__Scope"},
    ),
    Specification(
        "policy",
        "v0.1",
        "SECURITY",
        {"policy": f"directive @{{name}}(policies: [[policy__Policy!]!]!) on {_AUTHORIZED}"},
        {"policy__Policy": "scalar policy__Policy"},
    ),
    Specification(
        "cost",
        "v0.1",
        directives={
            "cost": "directive @{name}(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION"
            " | INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
            "listSize": "directive @{name}(assumedSize: Int, slicingArguments: [String!],"
            " sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
        },
    ),
    Specification(
        "context",
        "v0.1",
        "SECURITY",
        {
            "context": "directive @{name}(name: String!) repeatable on INTERFACE | OBJECT | UNION",
            "context__fromContext": "directive @{name}(field: context__ContextFieldValue)"
            " on ARGUMENT_DEFINITION",
        },
        {"context__ContextFieldValue": "scalar context__ContextFieldValue"},
    ),
    Specification("cacheTag", "v0.1", "EXECUTION"),
)
"""Linked when a directive of theirs is applied somewhere in the supergraph."""
