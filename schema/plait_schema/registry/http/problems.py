"""Every refusal has a code: {"code": ..., "message": ...} for programs, a page for people."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from plait_schema.registry.errors import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    STORAGE_FAILED,
    TOO_LARGE,
    Problem,
    RegistryError,
)
from plait_schema.registry.pages.rendering import page

_log = logging.getLogger("plait.registry")


def answer_problems(app: FastAPI) -> None:
    """Let the app answer its exceptions as problems, and log the database's."""

    @app.exception_handler(RegistryError)
    async def refused(request: Request, error: RegistryError) -> Response:
        return _answer(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, INVALID_REQUEST.because(_told(error.errors())))

    @app.exception_handler(HTTPException)
    async def unroutable(request: Request, error: HTTPException) -> Response:
        if error.status_code == TOO_LARGE.status:
            return _answer(request, TOO_LARGE.because(error.detail))
        if error.status_code == INVALID_REQUEST.status:  # a body that is no JSON
            return _answer(request, INVALID_REQUEST.because(error.detail))
        code = HTTPStatus(error.status_code).name  # NOT_FOUND, METHOD_NOT_ALLOWED
        message = f"{request.method} {request.url.path[:200]}: {error.detail}"
        found = Problem(code, error.status_code, error.detail)
        return _answer(request, found.because(message), error.headers)

    @app.exception_handler(Exception)
    async def defect(request: Request, _: Exception) -> Response:  # the server logs it
        return _answer(request, INTERNAL_ERROR.because("something went wrong here, and was logged."))

    @app.exception_handler(SQLAlchemyError)
    @app.exception_handler(OSError)
    async def stored_nothing(request: Request, error: Exception) -> Response:
        reason = getattr(error, "orig", None) or error  # what the database said, without the statement
        _log.error("the database refused: %s", reason)
        return _answer(request, STORAGE_FAILED.because(f"the database refused: {str(reason)[:200]}"))


def _answer(request: Request, error: RegistryError, headers: Mapping[str, str] | None = None) -> Response:
    """JSON for programs, a page for people."""
    if request.url.path.startswith(("/api/", "/livez", "/readyz")):
        return problem(error, headers)
    shown = {"code": error.problem.code, "message": error.message, "visitor": None}
    return page("problem.html", status=error.problem.status, **shown)


def problem(error: RegistryError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """As JSON."""
    if error.problem.status == HTTPStatus.UNAUTHORIZED:
        headers = {"www-authenticate": "Bearer"}
    body = {"code": error.problem.code, "message": error.message}
    return JSONResponse(body, error.problem.status, headers)


def _told(errors: Sequence[Any]) -> str:
    """All that is wrong with a request, each with its place: "body.subgraphs.0.name: ..."."""
    return "; ".join(f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in errors[:10])
