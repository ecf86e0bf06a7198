"""The whole academy in one process on one SQLite file: what `plait dev` runs (named in plait.yaml).

Or a part of it, which PLAIT_CONTEXTS names, on a database of its own.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.contexts import CONTEXTS
from subgraphs.contracts import CONTRACTS
from subgraphs.identity.keys import SigningKeyError
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.graphql.export import sdl
from subgraphs.kernel.logs import only_warnings
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.running.process import at_work
from subgraphs.kernel.running.sole_use import InUseError
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.kernel.store.lost import DatabaseUnavailableError
from subgraphs.kernel.store.migrations import UnknownRevisionError, migrate
from subgraphs.kernel.telemetry.tracing import export_traces
from subgraphs.mails.app import LINKS, MAILS, MailsApp, mails_app
from subgraphs.notification.senders.choosing import outbox_folder
from subgraphs.seed.demo import DEFAULT_QUERY, DEMO_LOGINS, EXAMPLES, LOGIN_OPERATION, SAMPLE_QUERY, DemoLogin
from subgraphs.seed.seeding import seed


@dataclass(frozen=True, slots=True)
class EdTechPlatform:
    """Every context on one platform."""

    platform: Platform
    contexts: tuple[BoundedContext, ...]
    tell: Callable[[str], None]
    logins: tuple[DemoLogin, ...] = DEMO_LOGINS
    default_query: str = DEFAULT_QUERY
    examples: tuple[str, ...] = EXAMPLES
    login_operation: str | None = LOGIN_OPERATION
    sample_query: str = SAMPLE_QUERY

    @property
    def subgraphs(self) -> Mapping[str, GraphQLApp]:
        return {context.name: context.asgi for context in self.contexts}

    @property
    def jwks(self) -> Path:
        """Where identity publishes the keys of its tokens."""
        return self.platform.settings.jwks_file

    @property
    def sdl(self) -> Mapping[str, str]:
        return {context.name: sdl(context.schema) for context in self.contexts}

    @property
    def pages(self) -> Mapping[str, MailsApp]:
        settings = self.platform.settings
        outbox = outbox_folder(settings.data_dir)
        return {"mails": mails_app(outbox, public_url=settings.public_url, logins=self.logins)}

    @property
    def places(self) -> Mapping[str, str]:
        if self.platform.settings.smtp_url is not None:
            return {}
        return {"Mails": f"{MAILS} (open in a browser; or plait mail list, show)"}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Migrate, seed a new database, and play every role until the block ends.

        Raises click.ClickException when the database does not let it.
        """
        settings = self.platform.settings
        try:
            with only_warnings():
                if self.platform.elsewhere:  # what was seeded would not be known there
                    await migrate(self.platform.database, self.contexts)
                else:
                    await seed(settings, now=self.platform.clock.now(), tell=self.tell)
        except (SQLAlchemyError, DatabaseUnavailableError, UnknownRevisionError) as error:
            reason = getattr(error, "orig", error)  # what the database said, without the statement
            raise click.ClickException(
                f"cannot use what is stored in {settings.data_dir}: {reason}; --reset begins anew"
            ) from error
        export_traces()
        try:
            async with at_work(self.platform, self.contexts):
                yield
        except InUseError as error:
            raise click.ClickException(str(error)) from None
        finally:
            await self.platform.close()


def build(data_dir: Path, tell: Callable[[str], None], address: str | None = None) -> EdTechPlatform:
    """The platform over a data folder that exists; `tell` hears of long steps, line by line.

    Links in mails lead to its own pages at the `address` at which it is served, unless PLAIT_PUBLIC_URL says
    where else. Raises click.ClickException when the environment's variables make no sense.
    """
    own_pages = {} if address is None else {"public_url": f"{address}{LINKS}"}
    try:
        settings = Settings.from_environment(data_dir, **own_pages)
        platform = Platform.open(settings, contracts=CONTRACTS, contexts=tuple(CONTEXTS))
        contexts = tuple(CONTEXTS[name].build(platform) for name in platform.hosted)
    except SettingsError as error:
        raise click.ClickException(f"{error} [{error.code}]") from None
    except SigningKeyError as error:
        raise click.ClickException(f"{error} [BAD_SETTINGS]") from None
    platform.add(*contexts)
    return EdTechPlatform(platform, contexts, tell)
