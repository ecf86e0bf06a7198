"""The `@link` applications of a document, read and checked.

https://specs.apollo.dev/link/v1.0
"""

import re
from collections.abc import Iterable
from typing import Final

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    NameNode,
)

from plait_schema.diagnostics import (
    INVALID_LINK_DIRECTIVE_USAGE,
    INVALID_LINK_IDENTIFIER,
    UNKNOWN_FEDERATION_LINK_VERSION,
    UNKNOWN_LINK_VERSION,
    UNSUPPORTED_LINKED_FEATURE,
    Code,
    Diagnostic,
)
from plait_schema.federation import Link, argument, string_argument
from plait_schema.federation.link import FeatureUrl, parse_feature_url
from plait_schema.federation.specifications import (
    CORE,
    FEDERATION,
    LINK,
    UNSUPPORTED,
    elements_of,
    known_specifications,
)
from plait_schema.federation.versions import LATEST, print_version
from plait_schema.subgraph.imports import imports_of, wrong_imports
from plait_schema.subgraph.link_names import name_conflicts, wrong_namespace
from plait_schema.subgraph.model import SubgraphSource
from plait_schema.subgraph.roots import schema_nodes

_BARE_VERSION: Final = re.compile(r"(https?://.+/)([0-9]+\.[0-9]+)/?")


def read_links(
    document: DocumentNode, source: SubgraphSource
) -> tuple[tuple[Link, ...], tuple[Diagnostic, ...]]:
    """Every link of the schema that is well formed, and what is wrong with the others or among them."""
    links: list[Link] = []
    problems: list[Diagnostic] = []
    for directive in link_applications(document):
        match _read_link(directive, source):
            case Link() as link:
                links.append(link)
            case found:
                problems += found
    return tuple(links), (*problems, *name_conflicts(links, implied_link(document, links), document, source))


def implied_link(document: DocumentNode, links: Iterable[Link]) -> Link | None:
    """The link to the link specification itself, which need not be written; None when it is.

    None also when the document means something else by `@link`.
    """
    if any(link.identity in (LINK, CORE) for link in links) or _has_own_link(document):
        return None
    node = ConstDirectiveNode(name=NameNode(value="link"))
    return Link(LINK, (1, 0), "link", {}, None, node)


def link_applications(document: DocumentNode) -> tuple[DirectiveNode, ...]:
    """The applications of `@link` or `@core`, by whatever name the document gives it."""
    directives = [directive for node in schema_nodes(document) for directive in node.directives or ()]
    default = None if _has_own_link(document) else "link"
    name = next((directive.name.value for directive in directives if _links_itself(directive)), default)
    return tuple(directive for directive in directives if directive.name.value == name)


def _has_own_link(document: DocumentNode) -> bool:
    return any(
        isinstance(node, DirectiveDefinitionNode)
        and node.name.value == "link"
        and all(argument.name.value != "url" for argument in node.arguments or ())
        for node in document.definitions
    )


def _links_itself(directive: DirectiveNode) -> bool:
    """`@l(url: "https://specs.apollo.dev/link/v1.0", as: "l")`: the directive that says what it is."""
    text = string_argument(directive, "url") or string_argument(directive, "feature")
    url = parse_feature_url(text) if text else None
    if not isinstance(url, FeatureUrl) or url.identity not in (LINK, CORE):
        return False
    name = string_argument(directive, "as") or url.name
    imported = dict(imports_of(argument(directive, "import"))).get(f"@{url.name}")
    return directive.name.value == (imported.removeprefix("@") if imported else name)


def _read_link(directive: DirectiveNode, source: SubgraphSource) -> Link | tuple[Diagnostic, ...]:
    places = source.locate(directive)
    label = f"@{directive.name.value}"
    text = string_argument(directive, "url") or string_argument(directive, "feature")
    if text is None:
        message = f"{label} must say which specification it links: its url is missing or not a string."
        return (INVALID_LINK_DIRECTIVE_USAGE.at(label, message, locations=places),)
    url = parse_feature_url(text)
    if isinstance(url, str):
        message = f'{label} cannot link "{text}": {url}.'
        version = _BARE_VERSION.fullmatch(text)
        url_form = version.expand(r"\1v\2") if version else "https://<host>/<name>/v<major>.<minor>"
        fix = f"Write the url as {url_form}."
        return (INVALID_LINK_IDENTIFIER.at(label, message, locations=places, fix=fix),)
    if url.identity in UNSUPPORTED:
        message = f"{url} is not supported: {UNSUPPORTED[url.identity]}."
        return (UNSUPPORTED_LINKED_FEATURE.at(label, message, locations=places, fix="Remove the link."),)
    if unknown := _unknown_version(url):
        code, message, fix = unknown
        return (code.at(label, message, locations=places, fix=fix),)

    value = argument(directive, "import")
    problems = [
        INVALID_LINK_DIRECTIVE_USAGE.at(label, message, locations=source.locate(node))
        for node, message in wrong_imports(value, url)
    ]
    given = string_argument(directive, "as")
    namespace = url.name if given is None else given
    if problem := wrong_namespace(namespace, is_given=given is not None):
        message = f'{label} cannot call {url} "{namespace}": {problem}.'
        fix = 'Give it another name with `as: "..."`.'
        problems.append(INVALID_LINK_DIRECTIVE_USAGE.at(label, message, locations=places, fix=fix))
    if problems:
        return tuple(problems)
    purpose = argument(directive, "for")
    return Link(
        url.identity,
        url.version,
        namespace,
        dict(imports_of(value)),
        purpose.value if isinstance(purpose, EnumValueNode) else None,
        directive,
    )


def _unknown_version(url: FeatureUrl) -> tuple[Code, str, str] | None:
    if elements_of(url.identity, url.version) or url.identity not in (FEDERATION, LINK, CORE):
        return None
    versions = [print_version(version) for version in known_specifications()[url.identity].versions]
    code = UNKNOWN_FEDERATION_LINK_VERSION if url.identity == FEDERATION else UNKNOWN_LINK_VERSION
    known = f"{versions[0]} to {versions[-1]}" if len(versions) > 1 else versions[0]
    message = f"{print_version(url.version)} of {url.identity} is not known here, but {known}."
    return code, message, f"Link {FeatureUrl(url.identity, _nearest(url))} instead."


def _nearest(url: FeatureUrl) -> tuple[int, int]:
    return LATEST if url.identity == FEDERATION else max(known_specifications()[url.identity].versions)
