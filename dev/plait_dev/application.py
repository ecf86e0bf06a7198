"""What an application is to `plait dev`: subgraphs in this process, and how one gets to know them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from plait_gateway.asgi import ASGIApp


class Login(NamedTuple):
    """Somebody one can be in the seeded data."""

    role: str
    email: str
    password: str


class Application(Protocol):
    """Subgraphs in this process, with all that they need to run."""

    @property
    def subgraphs(self) -> Mapping[str, ASGIApp]:
        """The subgraphs' GraphQL endpoints by their names in supergraph.yaml."""

    @property
    def sdl(self) -> Mapping[str, str]:
        """The subgraphs' schemas as their code says now, by the same names."""

    @property
    def logins(self) -> tuple[Login, ...]:
        """Whom to try the platform as."""

    @property
    def jwks(self) -> Path | None:
        """The file of the keys with which its users' tokens are verified; None when nobody logs in."""

    @property
    def default_query(self) -> str:
        """The query that GraphiQL opens with."""

    @property
    def examples(self) -> tuple[str, ...]:
        """Queries in further tabs of GraphiQL."""

    @property
    def login_operation(self) -> str | None:
        """What logs in with the variables `email` and `password`: its first field has an `accessToken`."""

    @property
    def sample_query(self) -> str:
        """A query short enough for one line of a terminal."""

    @property
    def pages(self) -> Mapping[str, ASGIApp]:
        """What is served besides GraphQL, by what its paths begin with: `mails` serves `/mails/...`."""

    @property
    def places(self) -> Mapping[str, str]:
        """What else there is to look at, and where; what begins with a slash is one of the `pages`."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Migrate, seed and run the workers, until the block ends.

        Raises click.ClickException when what is stored does not let them run.
        """


#: Builds the application over a data folder; progress of long steps is told line by line. The text is the URL
#: under which all of it is served. Raises click.ClickException when it cannot work as it is configured.
Build: TypeAlias = Callable[[Path, Callable[[str], None], str], Application]
