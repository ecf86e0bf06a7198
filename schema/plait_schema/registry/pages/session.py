"""Who looks at the pages: the token, in a cookie that scripts and other sites never see."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from plait_schema.registry.errors import FORBIDDEN, RegistryError
from plait_schema.registry.http.access import Access
from plait_schema.registry.tokens import Token

_COOKIE: Final = "plait_token"
_DAYS: Final = 30


class LoginNeeded(Exception):  # noqa: N818 - it names what is to be done
    """There is no valid token in the cookie."""


def visitor_of(access: Access) -> Callable[[Request], Awaitable[Token]]:
    """A dependency: the token of who asks. Raises LoginNeeded."""

    async def visitor(request: Request) -> Token:
        try:
            token = await access.token_of(request.cookies.get(_COOKIE))
        except RegistryError as error:
            raise LoginNeeded from error
        if request.method == "POST":
            refuse_other_sites(request)
        return token

    return visitor


def refuse_other_sites(request: Request) -> None:
    """Raises RegistryError (FORBIDDEN) when a form of another site was sent here."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    is_elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if is_elsewhere or site not in ("same-origin", "none"):
        raise FORBIDDEN.because("the form was sent from another site.")


def log_in(response: Response, secret: str, request: Request) -> None:
    response.set_cookie(
        _COOKIE,
        secret,
        max_age=_DAYS * 86_400,
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="strict",
    )


def log_out(response: Response) -> None:
    response.delete_cookie(_COOKIE, httponly=True, samesite="strict")
