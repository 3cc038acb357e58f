"""The lake: a version log that is the truth, and a snapshot that is a cache of the current state.

Both are Delta tables. The log holds one partition a night, replaced whole or not at all. The
snapshot holds one partition a month, folded from the log by a scheduled compaction.
"""

from warehouse.lake.lake import Lake
from warehouse.lake.merge import Counts

__all__ = ["Counts", "Lake"]
