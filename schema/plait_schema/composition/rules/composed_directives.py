from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import groupby

from graphql import Node

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.applied_directives import FEDERATION as MERGED_ANYWAY
from plait_schema.composition.merge.composed_directives import (
    Request,
    compose_requests,
    element_of,
    link_of,
)
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import (
    DIRECTIVE_COMPOSITION_ERROR,
    DIRECTIVE_COMPOSITION_INFO,
    DIRECTIVE_COMPOSITION_WARN,
    Diagnostic,
)
from plait_schema.federation import Link
from plait_schema.federation.specifications import APOLLO
from plait_schema.subgraph import Subgraph


def composed_directives(merged: MergedSchema) -> Iterator[Diagnostic]:
    """@composeDirective must name a directive, with its @, that the subgraph defines and that a linked
    specification owns: its version says which of several definitions is the newest.

    All subgraphs that compose it must mean the same directive and call it the same; their versions must be
    compatible. Federation's directives are composed anyway, or not at all.
    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives#composedirective
    """
    requests = list(compose_requests(merged.subgraphs))
    for request in requests:
        yield from _request(request)
    fine = [each for each in requests if each.definition and each.link]
    yield from _same_element(fine)
    yield from _same_version(fine)
    yield from _other_versions(merged, fine)
    yield from _other_names(merged, fine)


def _request(request: Request) -> Iterator[Diagnostic]:
    written, subgraph = request.written, request.applied.subgraph
    where = request.applied.places
    if not written or not written.startswith("@"):
        yield DIRECTIVE_COMPOSITION_ERROR.at(
            None,
            f'@composeDirective in "{subgraph.name}" names "{written or ""}", which has no leading @.',
            locations=where,
            fix=f'Write name: "@{written}".' if written else 'Write name: "@" and the directive\'s name.',
        )
    elif request.link and request.link.identity.startswith(f"{APOLLO}/"):
        yield _of_federation(request, request.link)
    elif request.definition is None:
        similar = get_close_matches(request.name, subgraph.directives, n=1)
        yield DIRECTIVE_COMPOSITION_ERROR.at(
            written,
            f'@composeDirective in "{subgraph.name}" names {written}, which the subgraph does not define.',
            locations=where,
            fix=f"Did you mean @{similar[0]}?" if similar else f"Define directive {written}.",
        )
    elif request.link is None and (local := _imported_as(request)):
        yield DIRECTIVE_COMPOSITION_ERROR.at(
            written,
            f'{written} in "{subgraph.name}" cannot be composed, since it is imported as {local}.',
            locations=where,
            fix=f'Write name: "{local}", and use it by that name.',
        )
    elif request.link is None:
        yield DIRECTIVE_COMPOSITION_ERROR.at(
            written,
            f'{written} in "{subgraph.name}" cannot be composed, since no @link imports it.',
            locations=[*where, *subgraph.locate(request.definition)],
            fix=f'Add @link(url: "https://example.com/{request.name}/v1.0", import: ["{written}"]).',
        )


def _imported_as(request: Request) -> str | None:
    links = request.applied.subgraph.links
    return next((local for link in links if (local := link.imports.get(f"@{request.name}"))), None)


def _of_federation(request: Request, link: Link) -> Diagnostic:
    element = element_of(link, request.name)
    where = request.applied.places
    if element.removeprefix("@") in MERGED_ANYWAY:
        return DIRECTIVE_COMPOSITION_INFO.at(
            request.written,
            f'{request.written} in "{request.applied.name}" is composed without @composeDirective.',
            locations=where,
        )
    return DIRECTIVE_COMPOSITION_ERROR.at(
        request.written,
        f'{request.written} in "{request.applied.name}" is federation\'s {element},'
        f" which composition uses up and cannot compose.",
        locations=where,
        fix="Remove this @composeDirective.",
    )


def _same_element(requests: list[Request]) -> Iterator[Diagnostic]:
    """One name, one directive; one directive, one name."""
    for name, found in groupby(sorted(requests, key=_name), key=_name):
        group = list(found)
        owners = {each.applied.name: each.link.identity for each in group if each.link}
        if len(set(owners.values())) > 1:
            yield DIRECTIVE_COMPOSITION_ERROR.at(
                f"@{name}",
                f"@{name} belongs to different specifications: {who_says_what(owners)}.",
                locations=places(tuple(each.applied for each in group)),
                fix="Import one of them under another name.",
            )
    for (_, element), found in groupby(sorted(requests, key=_element), key=_element):
        group = list(found)
        names = {each.applied.name: f"@{each.name}" for each in group}
        if len(set(names.values())) > 1:
            yield DIRECTIVE_COMPOSITION_ERROR.at(
                element,
                f"{element} has different names where it is composed: {who_says_what(names)}.",
                locations=places(tuple(each.applied for each in group)),
                fix="Import it under the same name in all subgraphs.",
            )


def _same_version(requests: list[Request]) -> Iterator[Diagnostic]:
    for identity, found in groupby(sorted(requests, key=_identity), key=_identity):
        group = list(found)
        majors = {each.applied.name: f"version {each.link.version[0]}" for each in group if each.link}
        if len(set(majors.values())) > 1:
            yield DIRECTIVE_COMPOSITION_ERROR.at(
                f"@{group[0].name}",
                f"{identity} is linked in versions that are not compatible: {who_says_what(majors)}.",
                locations=places(tuple(each.applied for each in group)),
                fix="Link the same major version in all subgraphs.",
            )


def _other_versions(merged: MergedSchema, requests: list[Request]) -> Iterator[Diagnostic]:
    """Specifications linked in versions that are not compatible, at most one of which is composed."""
    composed = {(_identity(each), each.link.version[0]) for each in requests if each.link}
    majors: dict[str, dict[str, int]] = {}
    for subgraph in merged.subgraphs:
        for link in subgraph.links:
            if not link.identity.startswith(f"{APOLLO}/"):
                majors.setdefault(link.identity, {})[subgraph.name] = link.version[0]
    for identity, found in sorted(majors.items()):
        distinct = set(found.values())
        if len(distinct) > 1 and sum((identity, major) in composed for major in distinct) < 2:
            said = {name: f"version {major}" for name, major in found.items()}
            yield DIRECTIVE_COMPOSITION_INFO.at(
                None,
                f"{identity} is linked in versions that are not compatible: {who_says_what(said)}.",
                subgraphs=list(found),
                locations=[
                    place
                    for subgraph in merged.subgraphs
                    for link in subgraph.links
                    if link.identity == identity
                    for place in subgraph.locate(link.node)
                ],
            )


def _other_names(merged: MergedSchema, requests: list[Request]) -> Iterator[Diagnostic]:
    """Subgraphs that import or define a composed directive under another name, without composing it."""
    composed = {_element(each): each.name for each in requests}
    composing = {(each.applied.name, each.name) for each in requests}
    for subgraph in merged.subgraphs:
        for name, (link, element, node) in sorted(_named_directives(subgraph).items()):
            wanted = composed.get((link.identity, element))
            if wanted is not None and wanted != name and (subgraph.name, name) not in composing:
                yield DIRECTIVE_COMPOSITION_WARN.at(
                    f"@{wanted}",
                    f'{element} is composed as @{wanted}, but called @{name} in "{subgraph.name}".',
                    locations=subgraph.locate(node),
                )


def _named_directives(subgraph: Subgraph) -> Mapping[str, tuple[Link, str, Node]]:
    """The directives of specifications that the subgraph names: where from, which, and where it says so."""
    imported = {
        local.removeprefix("@"): (link, element, link.node)
        for link in subgraph.links
        for element, local in link.imports.items()
        if element.startswith("@")
    }
    defined = {
        name: (link, element_of(link, name), definition)
        for name, definition in subgraph.directives.items()
        if (link := link_of(subgraph, name))
    }
    return {**imported, **defined}


def _name(request: Request) -> str:
    return request.name


def _identity(request: Request) -> str:
    return request.link.identity if request.link else ""


def _element(request: Request) -> tuple[str, str]:
    return (_identity(request), element_of(request.link, request.name) if request.link else "")
