"""What differs from one installation to the next."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url


@dataclass(frozen=True, slots=True)
class Settings:
    """`data_dir` holds everything that is stored; it exists.

    `database_url` is `sqlite:///path` or `postgresql://user@host/database`; without it the database is a file
    in `data_dir`. `redis_url` is `redis://host:port/0` or `unix:///path?db=0`; without it, what processes
    would share through Redis each has for itself.
    """

    data_dir: Path
    database_url: str | None = None
    redis_url: str | None = None
    issuer: str = "plait-identity"
    access_token_minutes: int = 15
    password_rounds: int = 12

    @classmethod
    def from_environment(cls, data_dir: Path) -> "Settings":
        """With the database of the variable PLAIT_DATABASE_URL and the Redis of PLAIT_REDIS_URL, where they
        are set."""
        return cls(
            data_dir,
            database_url=os.environ.get("PLAIT_DATABASE_URL") or None,
            redis_url=os.environ.get("PLAIT_REDIS_URL") or None,
        )

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'platform.db'}"

    @property
    def database_file(self) -> Path | None:
        """Of a database that is a file."""
        url = make_url(self.database)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
