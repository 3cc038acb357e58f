"""Figures: what is measured made publishable, and what is read off it: rankings, changes, gaps,
means. Pure functions, Arrow tables in and out."""

from transforms.figures.changes import CHANGE_SCHEMA, changes
from transforms.figures.derived import derived
from transforms.figures.gaps import GAP_SCHEMA, additivity
from transforms.figures.means import MEAN_SCHEMA, means
from transforms.figures.rankings import RANKING_SCHEMA, rankings
from transforms.figures.withholding import withhold

__all__ = ["CHANGE_SCHEMA", "GAP_SCHEMA", "MEAN_SCHEMA", "RANKING_SCHEMA", "additivity", "changes"]
__all__ += ["derived", "means", "rankings", "withhold"]
