"""MariaDB by PyMySQL: as MySQL."""

from __future__ import annotations

from extractors.views.databases.mysql import MEANINGS, address, begin, cell, code, moment, size

__all__ = ["MEANINGS", "address", "begin", "cell", "code", "moment", "size"]
