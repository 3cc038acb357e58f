"""A bar in a row of a table: the row says its number."""

from __future__ import annotations

WIDTH, HEIGHT = 120, 14


def bar(
    value: float | None, greatest: float, interval: tuple[float, float] | None = None,
    beside: float | None = None,
) -> str:  # fmt: skip
    """A bar from 0 to `value` on a scale to `greatest`, with the interval of the value and an
    upright line at the figure that it is seen beside (the nation's). Nothing where there is no
    figure. Below 0 there is no bar."""
    if value is None or greatest <= 0:
        return ""
    size = (WIDTH - 1) / greatest
    drawn = [f'<rect y="2" width="{max(value, 0) * size:.1f}" height="10"/>']
    if interval:
        low, high = (round(max(end, 0) * size, 1) for end in interval)
        drawn.append(f'<path class="interval" d="M{low} 7H{high}M{low} 4v6M{high} 4v6"/>')
    if beside is not None:
        drawn.append(f'<path class="beside" d="M{max(beside, 0) * size:.1f} 0v{HEIGHT}"/>')
    return (
        f'<svg class="bar" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"'
        f' aria-hidden="true">{"".join(drawn)}</svg>'
    )
