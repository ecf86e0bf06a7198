"""Why the subgraphs could not be read."""

import click


class SourceError(click.ClickException):
    """A message for the user: the file and line of the configuration, what is wrong, and how to mend it."""


class SourceTimeoutError(SourceError):
    """A subgraph did not answer in time."""
