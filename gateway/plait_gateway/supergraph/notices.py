"""What a person editing the graph should see while the old graph is being served."""

from collections.abc import Iterable

from plait_schema.diagnostics import Diagnostic, in_order


class Notices:
    """The current findings about the graph; GraphiQL shows them as a banner."""

    def __init__(self) -> None:
        self.current: tuple[Diagnostic, ...] = ()

    def show(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Replace what is shown; nothing clears it."""
        self.current = in_order(diagnostics)
