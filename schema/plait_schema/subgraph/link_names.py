"""What the links of one document call things: every name must stand for one element.

https://specs.apollo.dev/link/v1.0 - @link(as:), @link(import:)
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from graphql import DirectiveNode, DocumentNode, Visitor, visit

from plait_schema.diagnostics import INVALID_LINK_DIRECTIVE_USAGE, Diagnostic
from plait_schema.federation import Link, argument
from plait_schema.subgraph.definitions import defined_directives
from plait_schema.subgraph.imports import imports_of, is_name
from plait_schema.subgraph.model import SubgraphSource
from plait_schema.subgraph.visiting import TO_DIRECTIVES

_ALMOST_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def wrong_namespace(namespace: str, *, is_given: bool) -> str | None:
    """Why a specification cannot be called that, None when it can.

    What `as` gives must be a name. Of a url, dashes and dots are taken, too, as in "my-directives": such a
    name prefixes nothing, but all elements can be imported.
    """
    if not (is_name(namespace) if is_given else _ALMOST_NAME.fullmatch(namespace)):
        return "that is no GraphQL name"
    if "__" in namespace:
        return '"__" comes between the name of a specification and the name of its element'
    return 'it ends in "_"' if namespace.endswith("_") else None


def name_conflicts(
    links: Iterable[Link], implied: Link | None, document: DocumentNode, source: SubgraphSource
) -> Iterator[Diagnostic]:
    """Names that stand for two elements, and elements that have two names.

    `implied` is the link to the link specification, when it is not among the links.
    """
    distinct = [implied] if implied else []
    for link in links:
        if other := next((each for each in distinct if each.identity == link.identity), None):
            message = f"{link.identity} is linked twice, as {other.url} and as {link.url}."
            yield _finding(message, source, other, link, fix="Keep one of them.")
        else:
            distinct.append(link)
    yield from _equal_namespaces(distinct, source)
    yield from _equal_imports(distinct, source)
    yield from _imports_like_namespaces(distinct, source)
    yield from _defined_besides(distinct, document, source)


def _equal_namespaces(links: list[Link], source: SubgraphSource) -> Iterator[Diagnostic]:
    namespaces: dict[str, Link] = {}
    for link in links:
        other = namespaces.setdefault(link.namespace, link)
        if other is not link:
            message = f'{other.url} and {link.url} are both called "{link.namespace}" here.'
            yield _finding(message, source, other, link, fix="Give one of them another name with `as`.")


def _equal_imports(links: list[Link], source: SubgraphSource) -> Iterator[Diagnostic]:
    owners: dict[str, tuple[str, Link]] = {}
    for link in links:
        names: dict[str, str] = {}
        for name, local in imports_of(argument(link.node, "import")):
            if (first := names.setdefault(name, local)) != local:
                message = f'"{name}" of {link.url} is imported as "{first}" and as "{local}".'
                yield _finding(message, source, link, fix="Keep one of the imports.")
            owner = owners.setdefault(local, (name, link))
            if owner != (name, link):
                message = f'"{local}" is imported from {owner[1].url} and from {link.url}.'
                fix = f'Import one of them under another name: {{ name: "{name}", as: "..." }}.'
                yield _finding(message, source, owner[1], link, fix=fix)


def _imports_like_namespaces(links: list[Link], source: SubgraphSource) -> Iterator[Diagnostic]:
    """An import called `@link` or `@link__key` would be taken for an element of the link specification."""
    for link in links:
        for name, local in link.imports.items():
            for other in links:
                meant = _element_called(local, other)
                if meant is not None and not (other is link and meant == name):
                    message = (
                        f'"{name}" of {link.url} cannot be called "{local}": '
                        f'without an import, that means "{meant}" of {other.url}.'
                    )
                    fix = f'Import it under another name: {{ name: "{name}", as: "..." }}.'
                    involved = (link,) if other is link else (link, other)
                    yield _finding(message, source, *involved, fix=fix)


def _element_called(local: str, link: Link) -> str | None:
    """The element of the specification that has this name where it is not imported, None when none has it."""
    sigil = "@" if local.startswith("@") else ""
    name = local.removeprefix("@")
    if sigil and name == link.namespace:
        return f"@{link.url.name}"
    namespace, _, element = name.partition("__")
    return f"{sigil}{element}" if element and namespace == link.namespace else None


def _defined_besides(
    links: list[Link], document: DocumentNode, source: SubgraphSource
) -> Iterator[Diagnostic]:
    """A directive that is imported under one name, and defined and used under its full one."""
    defined = defined_directives(document)
    besides = [
        (link, name, local, full)
        for link in links
        for name, local in link.imports.items()
        if name.startswith("@") and (full := _full_name(name, link)) in defined and local != f"@{full}"
    ]
    if not besides:
        return
    used = _Used()
    visit(document, used, TO_DIRECTIVES)
    for link, name, local, full in besides:
        if full in used.names:
            message = f'"{name}" of {link.url} is imported as "{local}", and defined and used as "@{full}".'
            fix = f"Write {local} everywhere, and leave the definition of @{full} out."
            yield _finding(message, source, link, fix=fix)


def _full_name(name: str, link: Link) -> str:
    element = name.removeprefix("@")
    return link.namespace if element == link.url.name else f"{link.namespace}__{element}"


class _Used(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        self.names.add(node.name.value)


def _finding(message: str, source: SubgraphSource, *links: Link, fix: str) -> Diagnostic:
    label = f"@{links[-1].node.name.value}"
    places = source.locate(*(link.node for link in links))
    return INVALID_LINK_DIRECTIVE_USAGE.at(label, message, locations=places, fix=fix)
