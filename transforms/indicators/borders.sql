-- The counts of areas as counts of the units that stand on the borders $borders: the areas
-- themselves, or what their agencies reported under the codes of earlier provinces (root: code,
-- area). In: measures, root, definition, area (code, home, ended_on). Out: MEASURE_SCHEMA, the same
-- unit and day perhaps in several rows.
CREATE OR REPLACE TEMP TABLE placed AS
WITH reported AS (
    SELECT indicator, definition_version, coalesce(root.code, measures.area) AS unit,
        measures.area, starts_on, numerator, denominator
    FROM measures
    LEFT JOIN root ON root.area = measures.area AND root.code = split_part(agency, '.', 1)
    WHERE agency IS NOT NULL AND $borders = '63'
    UNION ALL
    SELECT indicator, definition_version, area, area, starts_on, numerator, denominator
    FROM measures WHERE agency IS NULL AND $borders = '34'
),

-- Of a stock the last day that says anything counts. What an area's units have on a day on which
-- it says something is all it has: those not told of have nothing. The same goes for an area that
-- ended, once the one that it became part of says something.
told AS (
    SELECT DISTINCT indicator, definition_version, area, home, starts_on
    FROM reported JOIN area ON code = area JOIN definition USING (indicator, definition_version)
    WHERE is_stock
),
untold AS (
    SELECT told.indicator, told.definition_version, unit, told.starts_on
    FROM (SELECT DISTINCT indicator, unit, area FROM reported) AS known
    JOIN area ON code = known.area
    JOIN told ON told.indicator = known.indicator AND told.home = area.home
        AND (told.area = known.area AND $borders = '63' OR told.starts_on >= ended_on)
)
SELECT indicator, definition_version, unit AS area, NULL AS agency, starts_on, numerator, denominator
FROM reported
UNION ALL
SELECT indicator, definition_version, unit, NULL, starts_on, 0, 0 FROM untold
UNION ALL
SELECT indicator, definition_version, area, agency, starts_on, numerator, denominator
FROM measures WHERE agency IS NOT NULL AND $borders = '34'
