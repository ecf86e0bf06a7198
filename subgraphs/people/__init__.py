"""Who there is, as far as a context has to know: a command may not name somebody whom nobody knows.

Identity alone knows that. A context that is told ids of people keeps a table of those it has heard of, and
asks identity about the others, before its transaction opens: so whoever has just registered is known however
long deliveries take, and so is whoever came before the table was there.

table      the table `<context>_person`, and how it is read and written
following  what identity tells of people
asking     what it answers about those of whom it has told nothing yet
"""

from subgraphs.people.asking import PERSON_UNCONFIRMED, People
from subgraphs.people.table import Person, find_person, is_there, is_tutor, person_table

__all__ = [
    "PERSON_UNCONFIRMED",
    "People",
    "Person",
    "find_person",
    "is_there",
    "is_tutor",
    "person_table",
]
