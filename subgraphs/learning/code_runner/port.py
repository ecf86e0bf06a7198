"""What learning needs of whatever runs programs."""

from typing import Protocol

from subgraphs.learning.domain.coding import Program, Run


class CodeRunnerUnavailableError(Exception):
    """Programs cannot be run here without danger, so they are not run."""


class CodeRunner(Protocol):
    async def run(self, program: Program, stdin: str) -> Run:
        """Give a program an input and wait for its end, which it is given if it does not come to one.

        CodeRunnerUnavailableError.
        """
        ...
