from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.import_names import names_in_use
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import LINK_IMPORT_NAME_MISMATCH, Diagnostic


def import_names(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A directive that is merged needs one name in the supergraph, so all subgraphs must call it the same."""
    for directive, names in names_in_use(merged.subgraphs).items():
        said = {each.subgraph.name: f"@{each.name}" for each in names}
        if len(set(said.values())) > 1:
            nodes = [(each.subgraph, each.link.node) for each in names if each.link]
            yield LINK_IMPORT_NAME_MISMATCH.at(
                f"@{directive}",
                f"@{directive} is imported under different names: {who_says_what(said)}.",
                subgraphs=said,
                locations=[place for subgraph, node in nodes for place in subgraph.locate(node)],
                fix="Import it under the same name in all subgraphs.",
            )
