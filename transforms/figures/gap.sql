WITH part AS (
    SELECT indicator, borders, period,
        coalesce(sum(numerator), 0) AS areas_numerator,
        coalesce(sum(denominator), 0) AS areas_denominator,
        count(numerator) AS areas,
        count(*) FILTER (status = 'withheld') AS withheld,
        count(*) FILTER (status = 'missing') AS missing
    FROM area_figure GROUP BY indicator, borders, period
)
SELECT release, indicator, definition_version, borders, period, period_type,
    numerator, denominator,
    coalesce(areas_numerator, 0) AS areas_numerator,
    coalesce(areas_denominator, 0) AS areas_denominator,
    numerator - coalesce(areas_numerator, 0) AS gap_numerator,
    denominator - coalesce(areas_denominator, 0) AS gap_denominator,
    coalesce(areas, 0) AS areas, coalesce(withheld, 0) AS withheld, coalesce(missing, 0) AS missing
FROM observation LEFT JOIN part USING (indicator, borders, period)
WHERE level = 'nation'
ORDER BY indicator, borders, period_type, period
