"""Where the registry keeps what it knows: SQLite or PostgreSQL, by one code."""

from plait_schema.registry.store.approval_store import ApprovalStore, RecordedApproval
from plait_schema.registry.store.check_store import CheckStore, RecordedCheck, ReportedCheck
from plait_schema.registry.store.contract_store import ContractStore
from plait_schema.registry.store.database import Database, DatabaseError, database_url
from plait_schema.registry.store.migrating import migrate
from plait_schema.registry.store.token_store import TokenStore
from plait_schema.registry.store.usage_store import Hour, UsageStore, Used
from plait_schema.registry.store.version_store import VersionStore
from plait_schema.registry.store.webhook_store import WebhookStore

__all__ = [
    "ApprovalStore",
    "CheckStore",
    "ContractStore",
    "Database",
    "DatabaseError",
    "Hour",
    "RecordedApproval",
    "RecordedCheck",
    "ReportedCheck",
    "TokenStore",
    "UsageStore",
    "Used",
    "VersionStore",
    "WebhookStore",
    "database_url",
    "migrate",
]
