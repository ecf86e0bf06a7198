"""What all requests and answers of the HTTP API have in common."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from plait_schema.registry.model import Origin


def _storable(text: str) -> str:
    """JSON can say what no database stores: NUL, and halves of surrogate pairs."""
    if "\x00" in text:
        raise ValueError("it holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half of a surrogate pair") from None
    return text


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_storable)]


class Body(BaseModel):
    """JSON in camel case, in which nothing unknown is silently left out."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class OriginBody(Body):
    """Where a change comes from; shown in the history."""

    author: Line | None = None
    commit: Line | None = None
    message: Line | None = None

    def origin(self) -> Origin:
        return Origin(self.author, self.commit, self.message)


class ProblemAnswer(Body):
    """What went wrong; nothing was changed."""

    code: str
    message: str


class HealthAnswer(Body):
    status: str
