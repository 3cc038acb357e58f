"""Breakdowns: the nation's figures about dossiers by what their columns hold."""

from transforms.breakdowns.counts import count
from transforms.breakdowns.declaration import Breakdown, breakdowns
from transforms.breakdowns.procedures import procedures
from transforms.breakdowns.rollup import observe
from transforms.breakdowns.withholding import withhold

__all__ = ["Breakdown", "breakdowns", "count", "observe", "procedures", "withhold"]
