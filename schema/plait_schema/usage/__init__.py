"""Usage on its way from gateways to a registry or a file: what who writes it and who reads it both know."""

from plait_schema.usage.durations import bucket_of, quantile
from plait_schema.usage.record import FORMAT, VERSION, UsageRecord

__all__ = ["FORMAT", "VERSION", "UsageRecord", "bucket_of", "quantile"]
