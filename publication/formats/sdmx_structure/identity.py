"""What the structure is called, and its version."""

from __future__ import annotations

VERSION = "1.0.0"
"""By semver: a column or code that goes or changes its meaning makes a new major version, one that
comes a minor one, a better name a patch."""
AGENCY = "MOTCUA"
ID = "ADMINISTRATIVE_PROCEDURES"
