"""Messages: what an area is told on a night, decided and written. Both are pure.

Whatever was decided counts as told from then on, for its delivery is only a matter of time; so a
night that runs again decides nothing new.
"""

from feedback.messages.deciding import decide
from feedback.messages.known import Known, known
from feedback.messages.message import Item, Message
from feedback.messages.rendering import render

__all__ = ["Item", "Known", "Message", "decide", "known", "render"]
