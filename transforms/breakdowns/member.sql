-- The sums that anybody can write down: the items of a dimension make up the nation's figure, which
-- everybody knows, so it is no member; shorter periods of an item make up the next longer one.
CREATE TEMP TABLE member AS
WITH nested AS (
    SELECT t.row AS total, t.denominator AS whole, p.row, p.denominator
    FROM figure AS p JOIN longer USING (indicator, period_type)
    JOIN period USING (period, period_type)
    JOIN figure AS t USING (indicator, dimension, item)
    WHERE t.period_type = longer_type AND t.period = within[longer_type]
)
SELECT 'item' AS kind, min(row) OVER (PARTITION BY indicator, dimension, period) AS total, row,
    0 AS reach, denominator, false AS is_total
FROM figure
UNION ALL
SELECT 'time', total, row, 0, denominator, false FROM nested
UNION ALL
SELECT DISTINCT 'time', total, total, 0, whole, true FROM nested
