"""Recorded operations: what clients ask, how often, and what of the schema they mention."""

from plait_schema.checks.operations.affected import Traffic, traffic_of
from plait_schema.checks.operations.documents import operations_in
from plait_schema.checks.operations.manifests import operations_of_manifest
from plait_schema.checks.operations.mentions import mentions
from plait_schema.checks.operations.recorded import Client, RecordedOperation, Use, identity, merged
from plait_schema.checks.operations.usage_file import read_usage

__all__ = [
    "Client",
    "RecordedOperation",
    "Traffic",
    "Use",
    "identity",
    "mentions",
    "merged",
    "operations_in",
    "operations_of_manifest",
    "read_usage",
    "traffic_of",
]
