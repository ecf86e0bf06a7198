"""Which class a stored message is of, whatever version it was written in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from subgraphs.kernel.messaging.upcasting import JsonObject, Upcaster, upcast

M = TypeVar("M")


class RegistryError(Exception):
    """Two classes want one name, or there is a version that nobody could read. The program must not start."""


class UnknownMessageError(Exception):
    """A message of a type that this program does not know."""


class NewerVersionError(UnknownMessageError):
    """A message of a version that this program does not know: a newer one wrote it."""


class SplitMessageError(Exception):
    """An upcaster has made several messages of one, or none, where that makes no sense."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as it is written."""

    type: str
    version: int
    data: str


class Registry(Generic[M]):
    """Messages of one kind by type and version. RegistryError as soon as something does not fit.

    `named` gives a class its type. Its `version` is the newest, in which messages are written; every older
    version is read through upcasters, which must be here before the class.
    """

    def __init__(
        self,
        named: Callable[[type[M]], str],
        classes: Iterable[type[M]] = (),
        *,
        upcasters: Iterable[Upcaster] = (),
    ) -> None:
        self._named = named
        self._classes: dict[str, type[M]] = {}
        self._upcasters: dict[tuple[str, int], Upcaster] = {}
        for upcaster in upcasters:
            if (upcaster.type, upcaster.from_version) in self._upcasters:
                raise RegistryError(f"two upcasters from {upcaster.type} v{upcaster.from_version}")
            self._upcasters[upcaster.type, upcaster.from_version] = upcaster
        for one in classes:
            self.add(one)

    def copy(self) -> "Registry[M]":
        """One that knows the same, and may get to know more."""
        return Registry(self._named, self._classes.values(), upcasters=self._upcasters.values())

    @property
    def classes(self) -> tuple[type[M], ...]:
        """In the order of their types."""
        return tuple(self._classes[name] for name in sorted(self._classes))

    def add(self, message: type[M]) -> None:
        """Know a class; knowing it twice is once."""
        name, newest = self._named(message), self.version_of(message)
        if self._classes.setdefault(name, message) is not message:
            raise RegistryError(
                f"{name} is both {self._classes[name].__qualname__} and {message.__qualname__}"
            )
        readable = {version for type_, version in self._upcasters if type_ == name}
        for version in range(1, newest):
            if version not in readable:
                raise RegistryError(f"{name} is at v{newest}, and nothing leads from v{version} to it")
        if beyond := sorted(version for version in readable if not 1 <= version < newest):
            raise RegistryError(f"{name} is at v{newest}, and an upcaster leads from v{beyond[0]}")

    def encode(self, message: M) -> Stored:
        """Write a message; its class need not be known."""
        kind = type(message)
        return Stored(self._named(kind), self.version_of(kind), msgspec.json.encode(message).decode())

    def newest(self, type_: str) -> int:
        """The newest version of a type that can be read here; 0 when the type is not known."""
        message = self._classes.get(type_)
        return 0 if message is None else self.version_of(message)

    def decode(self, stored: Stored) -> M:
        """Read a message that has remained one, as the newest version. What a newer writer added is ignored.

        UnknownMessageError; SplitMessageError; msgspec.ValidationError when the data does not fit.
        """
        messages = self.decode_parts(stored)
        if len(messages) != 1:
            raise SplitMessageError(f"{stored.type} v{stored.version} has become {len(messages)} messages")
        return messages[0]

    def decode_parts(self, stored: Stored) -> tuple[M, ...]:
        """Read what has become of a message by its newest version: mostly one, maybe several or none.

        UnknownMessageError; msgspec.ValidationError when the data does not fit.
        """
        message = self._classes.get(stored.type)
        if message is None:
            raise UnknownMessageError(f"{stored.type} v{stored.version} is not known here")
        newest = self.version_of(message)
        if not 1 <= stored.version <= newest:
            raise NewerVersionError(f"{stored.type} v{stored.version} is not known here")
        if stored.version == newest:
            return (msgspec.json.decode(stored.data, type=message),)
        data: JsonObject = msgspec.json.decode(stored.data)
        chain = [self._upcasters[stored.type, version] for version in range(stored.version, newest)]
        # Enums and instants are texts here, as in JSON.
        return tuple(msgspec.convert(one, message, strict=True) for one in upcast(data, chain))

    @staticmethod
    def version_of(message: type[Any]) -> int:
        version: int = message.version
        return version
