"""From rounds to figures: medians, and ratios taken within each round."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from benchmarks.tables import table

_Compared: TypeAlias = Literal["cpu_us", "per_second", "p50_ms", "p99_ms"]
_Attribute: TypeAlias = _Compared | Literal["busy", "fetches", "answer_bytes", "peak_mb"]

_TITLES: Final = (
    *("operation", "server", "CPU µs/request", "requests/s", "p50 ms", "p99 ms"),
    *("busy", "fetches", "answer KB", "peak MB"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One round of one server with one operation; round 0 is the warm-up, and is not counted."""

    shape: str
    server: str
    round: int
    requests: int
    cpu_us: float  # per request
    per_second: float
    p50_ms: float
    p99_ms: float
    busy: float  # processors that the server kept busy
    fetches: float  # per request
    peak_mb: float
    answer_bytes: float
    complaint: str  # why the figures are worth nothing


@dataclass(frozen=True, slots=True)
class _Figures:
    """All rounds with one operation."""

    rounds: tuple[Measured, ...]
    unit: str

    def row(self, server: str, first: str | None) -> list[str]:
        complaint = next((one.complaint for one in self.rounds if one.server == server and one.complaint), "")
        numbers = [
            self._beside_unit(server, "cpu_us", 0),
            self._beside_unit(server, "per_second", 0),
            self._beside_unit(server, "p50_ms", 1),
            self._beside_unit(server, "p99_ms", 1),
            f"{self._median(server, 'busy'):.2f}",
            f"{self._median(server, 'fetches'):.2f}",
            f"{self._median(server, 'answer_bytes') / 1000:.1f}",
            f"{self._median(server, 'peak_mb'):.0f}",
        ]
        if first is not None:
            numbers.append(f"{self.ratio(server, first, 'cpu_us'):.2f}")
        if complaint:
            numbers = ["INVALID", *[""] * (len(numbers) - 1)]
        return [server, *numbers]

    def ratio(self, server: str, other: str, attribute: _Compared) -> float:
        """The median of the ratios within each round: what slows a minute down slows both."""
        mine, others = self._by_round(server, attribute), self._by_round(other, attribute)
        return _median([mine[number] / others[number] for number in mine if others.get(number)])

    def _beside_unit(self, server: str, attribute: _Compared, digits: int) -> str:
        value = f"{self._median(server, attribute):.{digits}f}"
        ratio = self.ratio(server, self.unit, attribute)
        return value if server == self.unit else f"{value} ({ratio:.{1 if ratio >= 0.1 else 3}f})"

    def _median(self, server: str, attribute: _Attribute) -> float:
        return _median(list(self._by_round(server, attribute).values()))

    def _by_round(self, server: str, attribute: _Attribute) -> dict[int, float]:
        return {
            one.round: getattr(one, attribute) for one in self.rounds if one.server == server and one.round
        }


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def gateway_table(measured: Sequence[Measured], *, unit: str) -> str:
    """Medians, and in brackets the ratio to the server called `unit`.

    With several servers beside it, a last column has the ratio of processor time to the first of them.
    Complaints follow the table.
    """
    servers = list(dict.fromkeys(one.server for one in measured))
    others = [server for server in servers if server != unit]
    first = others[0] if len(others) > 1 else None
    rows = []
    for shape in dict.fromkeys(one.shape for one in measured):
        figures = _Figures(tuple(one for one in measured if one.shape == shape), unit)
        rows += [[shape, *figures.row(server, first)] for server in servers]
    titles = [*_TITLES, f"CPU/{first}"] if first is not None else list(_TITLES)
    complaints = dict.fromkeys(
        f"INVALID: {one.shape}, {one.server}: {one.complaint}" for one in measured if one.complaint
    )
    return "\n".join([table(titles, rows, words=2), *complaints])


def is_valid(measured: Sequence[Measured]) -> bool:
    """Whether all answers were right."""
    return not any(one.complaint for one in measured)
