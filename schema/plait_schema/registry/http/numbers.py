"""Numbers of versions, checks and the like in requests: from 1, and no larger than databases keep."""

from typing import Annotated, Final, TypeAlias

from pydantic import Field

_LARGEST: Final = 2**31 - 1  # of an INTEGER in PostgreSQL

Number: TypeAlias = Annotated[int, Field(ge=1, le=_LARGEST)]
