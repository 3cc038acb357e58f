"""The error tree: what can go wrong, whether trying again helps, and in whose words.

``str(error)`` is for operators (English). ``error.message_vi`` is for officials.
No message ever carries a value that a source sent: values may be personal data.
"""

from __future__ import annotations

from typing import ClassVar, Literal


class MotcuaError(Exception):
    """Any error this project raises on purpose."""

    message_vi = "Lỗi hệ thống"


class DeclarationError(MotcuaError):
    """A declarative file (source, check, indicator, dialect, code list) is wrong."""

    message_vi = "Tệp khai báo không hợp lệ"

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")
        self.file = file


class SettingsError(MotcuaError):
    """The environment lacks something that this command needs."""

    message_vi = "Thiếu cấu hình môi trường"


class LakeError(MotcuaError):
    """The warehouse refused a write because an invariant would break."""

    message_vi = "Kho dữ liệu từ chối ghi"


class PublicationError(MotcuaError):
    """The night could not publish; yesterday's release stays in place."""

    message_vi = "Chưa công bố được số liệu"


class SourceError(MotcuaError):
    """One source failed; the night goes on for everyone else.

    ``is_transient`` says whether trying again later can help.
    """

    message_vi = "Hệ thống nguồn gặp lỗi"
    is_transient = False

    def __init__(self, source_id: str, problem: str) -> None:
        super().__init__(f"source {source_id}: {problem}")
        self.source_id = source_id
        self.problem = problem

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str]]:
        return (type(self), (self.source_id, self.problem))


class SourceUnavailable(SourceError):
    """No answer, a refused connection, a time-out, or a 5xx."""

    message_vi = "Không kết nối được hệ thống nguồn"
    is_transient = True


class SourceThrottled(SourceError):
    """429, or 503 with Retry-After, still there after all attempts."""

    message_vi = "Hệ thống nguồn giới hạn số lần truy cập"
    is_transient = True


class SourceRefused(SourceError):
    """The source does not accept our credentials or our request (401, 403, other 4xx)."""

    message_vi = "Hệ thống nguồn từ chối truy cập"


class DeliveryBroken(SourceError):
    """A page is truncated, repeated, out of order, too large, or not in the agreed format."""

    message_vi = "Dữ liệu gửi bị cắt cụt hoặc sai định dạng"
    is_transient = True


class SchemaDrift(SourceError):
    """A column that the contract requires is gone."""

    message_vi = "Cấu trúc dữ liệu đã thay đổi so với quy ước"


class MessageUndelivered(MotcuaError):
    """A message could not be brought to whom it is for; it stays in the log and is tried again.

    ``is_transient`` says whether trying again at once can help. It names the channel and what a
    person must look at, never a word that the other side answered.
    """

    message_vi = "Chưa gửi được thông báo"

    def __init__(self, problem: str, is_transient: bool) -> None:
        super().__init__(problem)
        self.problem, self.is_transient = problem, is_transient


class NobodyAnswers(MessageUndelivered):
    """There is no answer from the place at all, so others who are reached there need not wait."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, is_transient=True)


class ActionRefused(MotcuaError):
    """What a person answered about an incident cannot be taken: `problem` says why, `problem_vi`
    in words for the person."""

    message_vi = "Không ghi nhận được trả lời"

    def __init__(self, incident_id: str, problem: str, problem_vi: str = "") -> None:
        super().__init__(f"{incident_id}: {problem}")
        self.incident_id, self.problem = incident_id, problem
        self.problem_vi = problem_vi or self.message_vi


class LinkRefused(MotcuaError):
    """A signed link leads nowhere: it is not ours, has run out, or is for something else. Neither
    text holds a part of it."""

    message_vi = "Liên kết không dùng được"
    REASONS_VI: ClassVar[dict[str, str]] = {
        "not ours": "Liên kết này không đúng hoặc đã bị cắt mất một phần. "
        "Hãy mở lại từ thông báo gần nhất.",
        "run out": "Liên kết này đã hết hạn. Hãy mở liên kết trong thông báo gần nhất.",
        "for something else": "Liên kết này dùng cho việc khác. "
        "Hãy mở đúng liên kết trong thông báo.",
    }

    def __init__(self, reason: Literal["not ours", "run out", "for something else"]) -> None:
        super().__init__(f"the link is refused: {reason}")
        self.reason, self.problem_vi = reason, self.REASONS_VI[reason]
