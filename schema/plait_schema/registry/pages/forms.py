"""What people typed into forms, as values; what cannot be one is an INVALID_REQUEST that names the field."""

from datetime import date
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from plait_schema.registry.errors import INVALID_REQUEST, RegistryError

_LONGEST: Final = 2000  # characters
_MOST_FIELDS: Final = 200


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=_MOST_FIELDS)


Sent: TypeAlias = Annotated[FormData, Depends(_form)]


def wrong(name: str, what: str) -> RegistryError:
    """That a field, named as the page names it, is not filled in as it should be."""
    return INVALID_REQUEST.because(f"{name.replace('_', ' ').capitalize()}: {what}")


def text_of(form: FormData, name: str) -> str:
    """Without blanks around it; empty if it was not sent. Raises RegistryError, as all do here."""
    value = form.get(name, "")
    if isinstance(value, UploadFile) or len(value) > _LONGEST:
        raise wrong(name, f"write at most {_LONGEST:,} characters.")
    return value.strip()


def required(form: FormData, name: str) -> str:
    """The same for what cannot be left out."""
    if not (value := text_of(form, name)):
        raise wrong(name, "this must be filled in.")
    return value


def words_of(form: FormData, name: str) -> tuple[str, ...]:
    """Separated by blanks or commas, each once."""
    return tuple(dict.fromkeys(text_of(form, name).replace(",", " ").split()))


def number_of(form: FormData, name: str, *, at_most: float) -> float | None:
    """None for an empty field."""
    if not (value := text_of(form, name)):
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= at_most:
        raise wrong(name, f"write a number from 0 to {at_most:,.0f}.")
    return number


def whole_number_of(form: FormData, name: str, *, at_most: int) -> int | None:
    """None for an empty field."""
    number = number_of(form, name, at_most=at_most)
    if number is not None and number != int(number):
        raise wrong(name, "write a whole number.")
    return None if number is None else int(number)


def day_of(form: FormData, name: str) -> date | None:
    """None for an empty field."""
    if not (value := text_of(form, name)):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong(name, "write a day as 2030-12-31.") from None
