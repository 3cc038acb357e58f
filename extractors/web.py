"""Asking a source over HTTP: at its pace, within its limits, each failure as a SourceError."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from email.utils import parsedate_to_datetime

import httpx2
import stamina

from catalog.errors import (
    DeliveryBroken,
    SourceError,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from catalog.sources import Source
from extractors import mutual_tls

FIRST_WAIT = 0.5
"""Seconds before the second attempt; each further wait doubles."""
LONGEST_WAIT = 30.0
"""Seconds that the doubling stops at."""
LONGEST_RETRY_AFTER = 120.0
"""Seconds that we wait at most, whatever a source asks for."""

Explain = Callable[[bytes], SourceError | None]
"""Reads the body of an answer that is no 200 for a more exact error."""


class Unauthorised(SourceRefused):
    """A 401: the token is wrong or has run out."""


class Throttled(SourceThrottled):
    """The source asks us to wait; `wait` is for how many seconds, if it says so."""

    wait: float | None = None


class TooLarge(DeliveryBroken):
    """An answer above the source's limit: asking again would only bring it again."""


class Pace:
    """Called before each request: holds it back so that no more than `per_second` leave."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second
        self._clock, self._sleep = clock, sleep
        self._free_at = clock()

    def __call__(self, request: httpx2.Request | None = None) -> None:
        wait = self._free_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._free_at = max(self._free_at, self._clock()) + self._interval


def client(source: Source) -> httpx2.Client:
    """A client that keeps to the source's pace and time-out, deaf to the process environment;
    with mutual TLS where the source declares it."""
    return httpx2.Client(
        verify=mutual_tls.context(source, source.tls) if source.tls else True,
        timeout=source.timeout_seconds,
        event_hooks={"request": [Pace(source.requests_per_second)]},
        trust_env=False,
    )


def fetch(
    web: httpx2.Client, source: Source, request: httpx2.Request, explain: Explain | None = None
) -> bytes:
    """The body of a 200 answer, at most `source.max_page_bytes` of it, in `timeout_seconds`.

    Raises SourceUnavailable, SourceThrottled, SourceRefused (Unauthorised for a 401) or
    DeliveryBroken; in place of what the status alone says, the error that `explain` reads in the
    body. Causes are left out of the errors: they hold the request with its token.
    """
    try:
        response = web.send(request, stream=True)
    except httpx2.TransportError as error:
        raise _unavailable(source, error) from None
    with closing(response):
        if response.status_code == 200:
            return b"".join(_bounded(source, response))
        told = explain(b"".join(_bounded(source, response))) if explain else None
        raise told or _refusal(source, request, response)


def again(source: Source) -> Iterable[stamina.Attempt]:
    """The attempts that a source is worth, with waits between them, for errors that may pass."""
    return stamina.retry_context(
        on=wait_before_retry,
        attempts=source.attempts,
        timeout=None,
        wait_initial=FIRST_WAIT,
        wait_max=LONGEST_WAIT,
        wait_jitter=FIRST_WAIT,
    )


def wait_before_retry(error: Exception) -> bool | float:
    """Whether to try again: no, yes after the usual wait, or yes after so many seconds."""
    if isinstance(error, Throttled) and error.wait is not None:
        return error.wait
    return isinstance(error, SourceError) and error.is_transient and not isinstance(error, TooLarge)


def _bounded(source: Source, response: httpx2.Response) -> Iterator[bytes]:
    size, until = 0, time.monotonic() + source.timeout_seconds
    try:
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > source.max_page_bytes:
                problem = f"an answer is larger than {source.max_page_bytes} bytes"
                raise TooLarge(source.source_id, problem)
            if time.monotonic() > until:
                raise SourceUnavailable(source.source_id, "an answer came too slowly")
            yield chunk
    except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.DecodingError):
        problem = f"an answer was cut off after {size} bytes"
        raise DeliveryBroken(source.source_id, problem) from None
    except httpx2.TransportError as error:
        raise _unavailable(source, error) from None


def _unavailable(source: Source, error: httpx2.TransportError) -> SourceError:
    told = f"no answer ({type(error).__name__})"
    if source.tls and isinstance(error, (httpx2.RemoteProtocolError, httpx2.ReadError)):
        told += ", perhaps as our certificate is not accepted"
    return mutual_tls.refusal(source, error) or SourceUnavailable(source.source_id, told)


def _refusal(source: Source, request: httpx2.Request, response: httpx2.Response) -> SourceError:
    status = response.status_code
    problem = f"{request.method} {request.url.path} answered {status}"
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        throttled = Throttled(source.source_id, problem)
        throttled.wait = retry_after(response.headers)
        return throttled
    if status >= 500:
        return SourceUnavailable(source.source_id, problem)
    kind = Unauthorised if status == 401 else SourceRefused
    return kind(source.source_id, problem)


def retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds to wait by ``Retry-After`` (RFC 9110, 10.2.3), at most LONGEST_RETRY_AFTER; None
    where it is absent or unreadable. A date is counted from the answer's own ``Date``, which
    needs no clock of ours and no agreement between clocks."""
    text = headers.get("Retry-After", "")
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_RETRY_AFTER)
    try:
        seconds = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return min(max(seconds.total_seconds(), 0.0), LONGEST_RETRY_AFTER)
