"""The page of a province: how its data stands, what is wrong, and what mending it would change."""

from feedback.page.model import Links, Page

__all__ = ["Links", "Page"]
