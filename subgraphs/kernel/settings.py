"""What differs from one installation to the next."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`data_dir` holds everything that is stored; it exists.

    `database_url` is SQLAlchemy's, with an async driver; without it the database is a file in `data_dir`.
    """

    data_dir: Path
    database_url: str | None = None
    issuer: str = "plait-identity"
    access_token_minutes: int = 15
    password_rounds: int = 12

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'platform.db'}"
