"""Requests that are turned away, in words that hold nothing of them."""

from __future__ import annotations

from catalog.errors import MotcuaError


class Refused(MotcuaError):
    """A request that is not served: `status` of HTTP, why in English, and in Vietnamese."""

    head_vi, again = "Chưa kiểm tra được", "/"

    def __init__(self, status: int, problem: str, problem_vi: str) -> None:
        super().__init__(problem)
        self.status, self.problem, self.problem_vi = status, problem, problem_vi


class Unanswered(Refused):
    """One that came by a signed link; to try again, go back to the link."""

    head_vi, again = "Chưa thực hiện được", ""
