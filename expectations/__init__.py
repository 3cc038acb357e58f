"""Accepts a conformed batch, quarantines some of its rows, or holds it for a person.

Every rule is a file of `expectations/checks`, evaluated by Great Expectations.
"""

from expectations.batch_facts import Sent
from expectations.engine import preload
from expectations.filling import Filled
from expectations.verdict import Verdict, judge

__all__ = ["Filled", "Sent", "Verdict", "judge", "preload"]
