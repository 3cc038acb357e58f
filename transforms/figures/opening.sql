-- Every period that is spoken of: its first and last day (`all` has none), the day on which the next
-- one starts, and what the periods that it lies in are called.
CREATE TEMP TABLE period AS
WITH named AS (SELECT DISTINCT period, period_type FROM observation),
started AS (
    SELECT period, period_type, CASE period_type
        WHEN 'day' THEN TRY_CAST(period AS DATE)
        WHEN 'month' THEN TRY_CAST(period || '-01' AS DATE)
        WHEN 'quarter' THEN
            TRY_CAST(left(period, 4) || '-' || (3 * right(period, 1)::INT - 2) || '-01' AS DATE)
        WHEN 'year' THEN TRY_CAST(period || '-01-01' AS DATE) END AS first
    FROM named
)
SELECT period, period_type, first,
    CASE period_type
        WHEN 'day' THEN first
        WHEN 'month' THEN last_day(first)
        WHEN 'quarter' THEN last_day(first + INTERVAL 2 MONTH)
        WHEN 'year' THEN last_day(first + INTERVAL 11 MONTH) END AS last,
    CASE period_type
        WHEN 'month' THEN (first + INTERVAL 1 MONTH)::DATE
        WHEN 'quarter' THEN (first + INTERVAL 3 MONTH)::DATE
        WHEN 'year' THEN (first + INTERVAL 1 YEAR)::DATE END AS first_after,
    MAP {
        'month': strftime(first, '%Y-%m'),
        'quarter': year(first) || '-Q' || quarter(first),
        'year': year(first)::VARCHAR,
        'all': 'all'
    } AS within
FROM started;

-- The areas on each borders: what is no province is the same on all, and has rows on today's alone.
CREATE TEMP VIEW area_figure AS
SELECT observation.* EXCLUDE (borders), drawn.borders
FROM observation JOIN (SELECT DISTINCT borders FROM observation) AS drawn
    ON level <> 'province' OR observation.borders = drawn.borders
LEFT JOIN place ON code = area
WHERE level NOT IN ('nation', 'agency') AND in_totals IS NOT FALSE
