"""Every refusal as JSON with a code: {"code": ..., "message": ...}."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from plait_schema.registry.errors import INVALID_REQUEST, STORAGE_FAILED, TOO_LARGE, RegistryError
from plait_schema.registry.pages.rendering import page

_log = logging.getLogger("plait.registry")


def answer_problems(app: FastAPI) -> None:
    """Let the app answer its exceptions as problems, and log the database's."""

    @app.exception_handler(RegistryError)
    async def refused(request: Request, error: RegistryError) -> Response:
        if request.url.path.startswith("/api/"):
            return problem(error)
        shown = {"code": error.problem.code, "message": error.message, "visitor": None}
        return page("problem.html", status=error.problem.status, **shown)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return problem(INVALID_REQUEST.because(_told(error.errors())))

    @app.exception_handler(HTTPException)
    async def unroutable(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == TOO_LARGE.status:
            return problem(TOO_LARGE.because(error.detail))
        code = HTTPStatus(error.status_code).name  # NOT_FOUND, METHOD_NOT_ALLOWED
        message = f"{request.method} {request.url.path[:200]}: {error.detail}"
        return JSONResponse({"code": code, "message": message}, error.status_code, error.headers)

    @app.exception_handler(SQLAlchemyError)
    @app.exception_handler(OSError)
    async def stored_nothing(_: Request, error: Exception) -> JSONResponse:
        reason = getattr(error, "orig", None) or error  # what the database said, without the statement
        _log.error("the database refused: %s", reason)
        return problem(STORAGE_FAILED.because(f"the database refused: {str(reason)[:200]}"))


def problem(error: RegistryError) -> JSONResponse:
    headers = {"www-authenticate": "Bearer"} if error.problem.status == HTTPStatus.UNAUTHORIZED else None
    body = {"code": error.problem.code, "message": error.message}
    return JSONResponse(body, error.problem.status, headers)


def _told(errors: Sequence[Any]) -> str:
    """All that is wrong with a request, each with its place: "body.subgraphs.0.name: ..."."""
    return "; ".join(f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in errors[:10])
