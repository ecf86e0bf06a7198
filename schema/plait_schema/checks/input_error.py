"""What makes a file of operations, usage or approvals unusable."""

from plait_schema.diagnostics import Code


class InputError(Exception):
    """A message with a code of the table, and the place in the file."""

    def __init__(self, code: Code, file: str, message: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(f"{file}:{line}:{column}: {code.name}: {message}")
        self.code = code.name
        self.file = file
        self.message = message
        self.line = line
        self.column = column
