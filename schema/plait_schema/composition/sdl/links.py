"""Which specifications the supergraph links, and what it calls their directives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.import_names import supergraph_names
from plait_schema.composition.sdl.specifications import JOIN, LINK, OPTIONAL, Specification
from plait_schema.federation import is_applied


@dataclass(frozen=True, slots=True)
class Links:
    """Everything that a supergraph has because of the specifications it links."""

    links: tuple[str, ...]  # the @link applications
    directives: Mapping[str, str]  # name -> definition
    types: Mapping[str, str]
    names: Mapping[str, str]  # directive in its specification -> directive here
    namespaces: tuple[str, ...]  # what clients do not see is called by these: `join`, `join__Graph`


def links_of(merged: MergedSchema) -> Links:
    """The link and join specifications, those of merged directives, and those of composed ones."""
    names = _names(merged)
    used = [specification for specification in OPTIONAL if _is_used(specification, merged, names)]
    specifications = [LINK, JOIN, *used]
    links = [_link(specification, names) for specification in specifications]
    return Links(
        links=(*links, *_composed_links(merged)),
        directives={
            names.get(directive, directive): template.replace("{name}", names.get(directive, directive))
            for specification in specifications
            for directive, template in specification.directives.items()
        },
        types={name: sdl for specification in specifications for name, sdl in specification.types.items()},
        names=names,
        namespaces=(
            *(specification.name for specification in specifications),
            *(each.latest.url.name for each in merged.context.composed.directives.values()),
        ),
    )


def _names(merged: MergedSchema) -> Mapping[str, str]:
    """A contract makes elements inaccessible in a graph whose subgraphs may not know the directive."""
    names = supergraph_names(merged.subgraphs)
    if "inaccessible" in names or not any(
        directive.name.value == "inaccessible"
        for element in merged.elements()
        for directive in element.directives
    ):
        return names
    return {**names, "inaccessible": "inaccessible"}


def _is_used(specification: Specification, merged: MergedSchema, names: Mapping[str, str]) -> bool:
    if specification.name == "cacheTag":
        return any(
            is_applied(each.node, "cacheTag") for element in merged.elements() for each in element.declared
        )
    return any(directive in names for directive in specification.directives)


def _link(specification: Specification, names: Mapping[str, str]) -> str:
    """Only the directive that has the specification's name needs no import."""
    arguments = [f'url: "{specification.url}"']
    if specification.purpose:
        arguments.append(f"for: {specification.purpose}")
    imports = [
        f'"@{directive}"' if name == directive else f'{{name: "@{directive}", as: "@{name}"}}'
        for directive in specification.directives
        if (name := names.get(directive, directive)) != specification.name
        and specification not in (LINK, JOIN)
        and not directive.startswith(f"{specification.name}__")
    ]
    if imports:
        arguments.append(f"import: [{', '.join(imports)}]")
    return f"@link({', '.join(arguments)})"


def _composed_links(merged: MergedSchema) -> Sequence[str]:
    by_url: dict[str, list[str]] = {}
    for directive in merged.context.composed.directives.values():
        here = f"@{directive.name}"
        imported = f'"{here}"'
        if here != directive.element:
            imported = f'{{name: "{directive.element}", as: "{here}"}}'
        by_url.setdefault(str(directive.latest.url), []).append(imported)
    return [f'@link(url: "{url}", import: [{", ".join(by_url[url])}])' for url in sorted(by_url)]
