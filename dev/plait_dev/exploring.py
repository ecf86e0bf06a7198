"""What GraphiQL offers to somebody who gets to know an application."""

from dataclasses import replace

from plait_dev.application import Application
from plait_gateway.config import GraphiQLConfig
from plait_gateway.graphiql import SignIn


def exploring(config: GraphiQLConfig, application: Application) -> GraphiQLConfig:
    """The page's settings with the application's queries, and with those whom one can be."""
    return replace(
        config,
        default_query=application.default_query,
        examples=application.examples,
        sign_in=_sign_in(application),
    )


def _sign_in(application: Application) -> SignIn | None:
    if application.login_operation is None:
        return None
    credentials = {
        login.role.replace("_", " "): {"email": login.email, "password": login.password}
        for login in application.logins
    }
    return SignIn(application.login_operation, credentials)
