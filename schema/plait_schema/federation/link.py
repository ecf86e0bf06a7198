"""`@link`: which specifications a schema builds on, and what it calls their elements.

https://specs.apollo.dev/link/v1.0
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from graphql import DirectiveNode

from plait_schema.federation.specifications import Elements, elements_of
from plait_schema.federation.versions import Version, parse_version, print_version


@dataclass(frozen=True, slots=True)
class FeatureUrl:
    """The url of a specification's version: `<identity>/v<major>.<minor>`."""

    identity: str
    version: Version

    @property
    def name(self) -> str:
        """The last part of the identity: what the specification calls itself."""
        return self.identity.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.identity}/{print_version(self.version)}"


@dataclass(frozen=True)
class Link:
    """One application of `@link` (or of `@core`, its forerunner)."""

    identity: str
    version: Version
    namespace: str  # `as`, else the specification's own name
    imports: Mapping[str, str]  # element -> its name in this schema; directives with their @
    purpose: str | None  # SECURITY or EXECUTION
    node: DirectiveNode

    @property
    def url(self) -> FeatureUrl:
        return FeatureUrl(self.identity, self.version)

    @property
    def elements(self) -> Elements | None:
        """What the specification defines, None when it is not one that federation knows."""
        return elements_of(self.identity, self.version)

    def directive_name(self, element: str) -> str:
        """What a directive of the specification, named without its @, is called in this schema."""
        if imported := self.imports.get(f"@{element}"):
            return imported.removeprefix("@")
        return self.namespace if element == self.url.name else f"{self.namespace}__{element}"

    def type_name(self, element: str) -> str:
        """What a type of the specification is called in this schema."""
        return self.imports.get(element) or f"{self.namespace}__{element}"


def parse_feature_url(text: str) -> FeatureUrl | str:
    """The specification and version that a url names, or a sentence on why it names none."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname
        port = parts.port
    except ValueError:
        return "it is not a url"
    if not parts.scheme or not host:
        return "it is not a url"
    path, _, last = parts.path.rpartition("/")
    version = parse_version(last)
    if version is None:
        return f'it must end with a version such as "v1.0", not with "{last}"'
    if not path.strip("/"):
        return "the version must follow the name of a specification"
    return FeatureUrl(f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}", version)
