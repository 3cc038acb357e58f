-- The cells that are published or hidden. In: broken_down (BREAKDOWN_SCHEMA), period (see
-- ``opening.sql``). An item that is alone in a period has the nation's own figure, so hiding it hides
-- nothing while everybody knows that no other had a case. So another stands beside it with none: the
-- largest one of the shortest longer period that has another.
CREATE TEMP TABLE figure AS
WITH length(period_type, length) AS (VALUES ('month', 1), ('quarter', 2), ('year', 3), ('all', 4)),
alone AS (
    SELECT indicator, dimension, any_value(item) AS item, period, period_type
    FROM broken_down GROUP BY indicator, dimension, period, period_type HAVING count(*) = 1
),
stand_in AS (
    SELECT alone.indicator, alone.dimension, alone.period,
        arg_min(other.item, (its.length, -other.denominator, other.item)) AS item
    FROM alone JOIN period USING (period, period_type) JOIN length AS own USING (period_type)
    JOIN broken_down AS other USING (indicator, dimension)
    JOIN length AS its ON its.period_type = other.period_type
    WHERE its.length > own.length AND other.item <> alone.item
        AND other.period = within[other.period_type]
    GROUP BY alone.indicator, alone.dimension, alone.period
),
cell AS (
    SELECT * FROM broken_down
    UNION ALL
    SELECT release, indicator, definition_version, dimension, stand_in.item, period, period_type,
        0, 0, NULL, status, reason
    FROM broken_down JOIN stand_in USING (indicator, dimension, period)
)
SELECT row_number() OVER (ORDER BY indicator, dimension, item, period) AS row, * FROM cell
