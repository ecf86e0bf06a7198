"""Read models, filled from logs and filled again whenever somebody wants to.

definition   what an author writes: sources, tables, a handler for each event
sources      the logs: a context's domain events, and what contexts have published
tables       the tables of one generation
generation   one filling of them: which one is read, which is to be built, and who has died of it
generations  the generations there are, as they are stored
applying     read a batch, apply it and note its place in one transaction
projector    the loop: which one is next, whose turn it is, and a stop at what is poison
projections  look at read models, build them anew, go back, skip what stops them, drop what is old
answers      answers that are kept for as long as a read model stays as it is
freshness    read what includes a version that somebody has seen, or say that it does not yet
"""

from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.freshness import Freshness
from subgraphs.kernel.projections.generation import Status, Stop
from subgraphs.kernel.projections.generations import live_tables
from subgraphs.kernel.projections.projections import Lag, Projections, ProjectionStatus
from subgraphs.kernel.projections.projector import Projector
from subgraphs.kernel.projections.sources import Entry, EventLog, OutboxLog
from subgraphs.kernel.projections.tables import Tables

__all__ = [
    "Entry",
    "EventLog",
    "Freshness",
    "Lag",
    "OutboxLog",
    "Projection",
    "ProjectionStatus",
    "Projections",
    "Projector",
    "Status",
    "Stop",
    "Tables",
    "live_tables",
]
