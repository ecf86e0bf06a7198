"""What can be configured about a gateway, and the defaults."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from plait_gateway.graphiql import SignIn

_MIB = 1024 * 1024
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_HOST = re.compile(r"\.?[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*")
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")

#: As browsers write it: in lower case, without a path (RFC 6454, 6.2).
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\sA-Z]+")

#: Headers that belong to one connection or one body, never to the next one.
_NOT_FORWARDED = frozenset(
    {
        *("accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type"),
        *("expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade"),
    }
)


def _positive(section: object, *names: str) -> None:
    for name in names:
        value = getattr(section, name)
        if value is not None and value <= 0:
            raise ValueError(f"{name} must be more than 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadersConfig:
    """`forward` is the complete list of the client's headers that subgraphs receive."""

    forward: tuple[str, ...] = ("authorization", "x-request-id", "traceparent", "tracestate")

    def __post_init__(self) -> None:
        for name in self.forward:
            if name.lower() in _NOT_FORWARDED:
                raise ValueError(f"the header {name!r} belongs to the client's connection; do not forward it")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphiQLConfig:
    """The page that browsers get at /graphql."""

    enabled: bool = True
    default_query: str | None = None
    default_headers: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()  # in tabs beside the default query
    sign_in: SignIn | None = field(
        default=None, metadata={"file": False}
    )  # for what is a demonstration anyway


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsConfig:
    """What /metrics tells about traffic and subgraphs, to whoever may ask."""

    enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageConfig:
    """What is told about the operations that clients send: to the registry that is followed, or to a file.

    Strings and numbers in operations are left out. Clients name themselves in the headers.
    """

    report: bool = True  # to the registry, where there is one
    file: str | None = None  # of JSON lines, for `plait check --usage`
    interval: float = 10.0  # seconds
    client_name_header: str = "apollographql-client-name"
    client_version_header: str = "apollographql-client-version"

    def __post_init__(self) -> None:
        _positive(self, "interval")
        for name in (self.client_name_header, self.client_version_header):
            if not _HEADER.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a header")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideLabelsConfig:
    """Which labels of `@override` are on. What is not here follows the label: `percent(5)`, or off."""

    active: tuple[str, ...] = ()
    percentages: Mapping[str, float] = field(default_factory=dict)  # of requests, by label
    header: str | None = None  # in which a client may name exactly the labels that are on for its request

    def __post_init__(self) -> None:
        for label, percentage in self.percentages.items():
            if not 0 <= percentage <= 100:
                raise ValueError(f"{percentage:g} percent of requests for {label!r} is not between 0 and 100")
            if label in self.active:
                raise ValueError(f"{label!r} is active, and has a percentage; say one of them")
        if self.header is not None and not _HEADER.fullmatch(self.header):
            raise ValueError(f"{self.header!r} is not the name of a header")

    def with_active(self, labels: Iterable[str]) -> "OverrideLabelsConfig":
        """The same with these labels on, whatever their percentages were."""
        on = dict.fromkeys((*self.active, *labels))
        rest = {label: percentage for label, percentage in self.percentages.items() if label not in on}
        return replace(self, active=tuple(on), percentages=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUpConfig:
    """What is planned before a graph is served: at the start, and again whenever another one takes over."""

    documents: str | None = None  # a folder of .graphql files
    operations: int = 200  # at most so many of those that were asked of the graph before
    seconds: float = 10.0  # at most so long is a new graph held back

    def __post_init__(self) -> None:
        _positive(self, "seconds")
        if self.operations < 0:
            raise ValueError("operations must not be less than 0")


#: What tokens may be signed with. Shared secrets are not among them: the gateway could sign with these.
_ALGORITHMS = (
    *("EdDSA", "Ed25519", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationConfig:
    """Who a client is: a bearer token in `authorization`, a JWT signed with a key of the JWKS.

    A token that is not valid is refused with status 401; who sends none is nobody.
    """

    jwks: str | None = None  # a file, or an http or https URL; without it, nobody is anybody
    issuer: str | None = None  # that tokens must come from
    audience: str | None = None  # that tokens must be for
    algorithms: tuple[str, ...] = _ALGORITHMS
    scopes_claim: str = "scope"
    refresh_seconds: float = 300.0  # after which the URL is asked for its keys again
    headers: Mapping[str, str] = field(default_factory=dict)  # to subgraphs: name, and the claim that it has

    def __post_init__(self) -> None:
        _positive(self, "refresh_seconds")
        for algorithm in self.algorithms:
            if algorithm not in _ALGORITHMS:
                raise ValueError(f"{algorithm!r} is none of {', '.join(_ALGORITHMS)}")
        for name in self.headers:
            if not _HEADER.fullmatch(name) or name.lower() in _NOT_FORWARDED:
                raise ValueError(f"{name!r} is no name of a header for subgraphs")

    def beside(self, file: Path) -> "AuthenticationConfig":
        """The same, where a relative path is one beside this file."""
        if self.jwks is None or self.jwks.startswith(("http://", "https://")):
            return self
        return replace(self, jwks=str(file.parent / self.jwks))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationConfig:
    """What becomes of fields that somebody may not see (`@authenticated`, `@requiresScopes`, `@policy`)."""

    enforce: bool = True
    reject_unauthorized: bool = False  # refuse the whole operation; else such a field is null, with an error
    policies: str | None = None  # `module:function` that decides which policies hold; without it, none do

    def __post_init__(self) -> None:
        if self.policies is not None and not _FUNCTION.fullmatch(self.policies):
            raise ValueError(f"{self.policies!r} is not of the form module:function")


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsConfig:
    """How large a request may be, and what is kept of earlier ones."""

    request_bytes: int = 2 * _MIB
    tokens: int = 15_000
    fields: int = 10_000  # with fragments spread
    cost: int | None = None  # of an operation, by `@cost` and `@listSize`; not set, it may cost anything
    list_items: int = 10_000  # in the lists of a request's variables
    list_size: int = 10  # how long a list is taken for that has no `@listSize`
    cached_bytes: int = 32 * _MIB  # documents, plans and programs, by an estimate

    def __post_init__(self) -> None:
        for_all = ("request_bytes", "tokens", "fields", "cost", "list_items", "list_size", "cached_bytes")
        _positive(self, *for_all)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgraphConfig:
    """Other settings for one subgraph; what is None is as for all."""

    timeout_seconds: float | None = None
    response_bytes: int | None = None

    def __post_init__(self) -> None:
        _positive(self, "timeout_seconds", "response_bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgraphsConfig:
    """How subgraphs are called; `override` is by the subgraph's name."""

    timeout_seconds: float = 30.0
    response_bytes: int = 64 * _MIB
    connections: int = 100  # to one host and port at a time
    deduplicate: bool = True  # equal queries that are in flight together are sent once
    override: Mapping[str, SubgraphConfig] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _positive(self, "timeout_seconds", "response_bytes", "connections")

    def timeout_of(self, subgraph: str) -> float:
        """Seconds that the subgraph may take for one answer."""
        return self.override.get(subgraph, _AS_FOR_ALL).timeout_seconds or self.timeout_seconds

    def response_bytes_of(self, subgraph: str) -> int:
        """Bytes of the longest answer that is read from the subgraph."""
        return self.override.get(subgraph, _AS_FOR_ALL).response_bytes or self.response_bytes


_AS_FOR_ALL = SubgraphConfig()


EVERY_SUBGRAPH = EVERY_ORIGIN = EVERY_HOST = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorsConfig:
    """Which pages of other origins may use the gateway from a browser (CORS); none unless they are listed."""

    origins: tuple[str, ...] = ()  # such as https://app.example; "*" for all
    credentials: bool = False  # whether cookies may come along
    headers: tuple[str, ...] = ()  # that pages may send; empty for whichever they ask for
    expose_headers: tuple[str, ...] = ()  # that pages may read
    max_age_seconds: int = 600  # for which browsers remember the answer

    def __post_init__(self) -> None:
        if EVERY_ORIGIN in self.origins and self.credentials:
            raise ValueError("credentials for every origin would let any page act for the user")
        for origin in self.origins:
            if origin != EVERY_ORIGIN and not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is not an origin, such as https://app.example")
        if self.max_age_seconds < 0:
            raise ValueError("max_age_seconds must not be less than 0")

    def allows(self, origin: str) -> bool:
        """Whether pages of an origin may use the gateway."""
        return EVERY_ORIGIN in self.origins or origin in self.origins


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgraphErrorsConfig:
    """What clients see of errors that subgraphs report; the gateway's own errors are not concerned."""

    include: tuple[str, ...] = ()  # subgraphs whose errors are passed on as they are; "*" for all
    message: str = "The subgraph reported an error"  # in the place of one that is not passed on
    extensions: tuple[str, ...] = ("code",)  # of errors that are not passed on as they are
    service_name: bool = True  # whether errors say which subgraph is concerned

    def includes(self, subgraph: str) -> bool:
        """Whether the subgraph's errors are passed on as they are."""
        return EVERY_SUBGRAPH in self.include or subgraph in self.include


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """The `gateway` section of plait.yaml. `dev` comes from the command line alone."""

    host: str = "127.0.0.1"
    port: int = 4000
    shutdown_seconds: int = 20  # for the requests in flight when the gateway is told to stop
    allowed_hosts: tuple[str, ...] | None = None  # besides localhost and addresses; not set, any name is
    deduplicate: bool = False  # equal queries of clients that are in flight together are answered once
    introspection: bool = True
    authentication: AuthenticationConfig = AuthenticationConfig()
    authorization: AuthorizationConfig = AuthorizationConfig()
    headers: HeadersConfig = HeadersConfig()
    graphiql: GraphiQLConfig = GraphiQLConfig()
    cors: CorsConfig = CorsConfig()
    limits: LimitsConfig = LimitsConfig()
    metrics: MetricsConfig = MetricsConfig()
    override_labels: OverrideLabelsConfig = OverrideLabelsConfig()
    subgraphs: SubgraphsConfig = SubgraphsConfig()
    subgraph_errors: SubgraphErrorsConfig = SubgraphErrorsConfig()
    usage: UsageConfig = UsageConfig()
    warm_up: WarmUpConfig = WarmUpConfig()
    dev: bool = field(default=False, metadata={"file": False})  # shows query plans and notices

    def __post_init__(self) -> None:
        _positive(self, "shutdown_seconds")
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port {self.port} is not between 0 and 65535")
        for host in self.allowed_hosts or ():
            if host != EVERY_HOST and not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is not the name of a host, such as dev.example or .dev.example")
