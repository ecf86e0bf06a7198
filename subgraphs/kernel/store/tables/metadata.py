"""What all of the kernel's tables belong to."""

from typing import Final

from sqlalchemy import MetaData

metadata: Final = MetaData()
