-- The figures that differ between two releases. In: earlier, later (OBSERVATION_SCHEMA), ended
-- (period). Only of what both releases state: a new indicator revises nothing.
CREATE TEMP TABLE touched AS
SELECT indicator, borders, area, period
FROM earlier FULL JOIN later USING (indicator, borders, area, period)
SEMI JOIN ended USING (period)
SEMI JOIN (SELECT DISTINCT indicator, borders FROM earlier) USING (indicator, borders)
SEMI JOIN (SELECT DISTINCT indicator, borders FROM later) USING (indicator, borders)
WHERE (earlier.numerator, earlier.denominator, earlier.value)
    IS DISTINCT FROM (later.numerator, later.denominator, later.value)
