"""Last stage: what clients see of what subgraphs report, which may hold what is nobody's business."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from plait_gateway.config import SubgraphErrorsConfig
from plait_gateway.errors import DOWNSTREAM_SERVICE_ERROR, ResponseError

_log = logging.getLogger(__name__)

_LOGGED_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Applies the configuration; in dev mode everything is shown."""

    config: SubgraphErrorsConfig
    is_dev: bool = False

    def of(self, errors: Iterable[ResponseError]) -> tuple[ResponseError, ...]:
        """The errors as clients see them. What is kept from them is in the log."""
        if self.is_dev:
            return tuple(errors)
        return tuple(self._without_service_name(self._masked(error)) for error in errors)

    def _masked(self, error: ResponseError) -> ResponseError:
        if error.reported_by is None or self.config.includes(error.reported_by):
            return error
        _log.info("subgraph %s reported: %.*r", error.reported_by, _LOGGED_CHARACTERS, error.message)
        shown = {"serviceName", *self.config.extensions}
        extensions = {name: value for name, value in error.extensions.items() if name in shown}
        extensions.setdefault("code", DOWNSTREAM_SERVICE_ERROR.name)
        return replace(error, message=self.config.message, extensions=extensions)

    def _without_service_name(self, error: ResponseError) -> ResponseError:
        if self.config.service_name or "serviceName" not in error.extensions:
            return error
        kept = {name: value for name, value in error.extensions.items() if name != "serviceName"}
        return replace(error, extensions=kept)
