"""The page of a province: how its data stands, what is wrong, and what mending it would change."""

from feedback.page.model import Figure, Links, Page
from feedback.page.rendering import html

__all__ = ["Figure", "Links", "Page", "html"]
