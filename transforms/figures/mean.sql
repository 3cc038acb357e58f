-- Added up as decimals: sums of binary fractions depend on the order of the rows.
WITH province AS (
    SELECT indicator, borders, period, count(value) AS provinces,
        (sum(value::DECIMAL(38, 12)) / count(value))::DOUBLE AS mean_of_provinces
    FROM area_figure WHERE level = 'province' AND value IS NOT NULL
    GROUP BY indicator, borders, period
)
SELECT release, indicator, definition_version, borders, period, period_type, value,
    mean_of_provinces, coalesce(provinces, 0) AS provinces
FROM observation JOIN definition USING (indicator)
LEFT JOIN province USING (indicator, borders, period)
WHERE level = 'nation' AND unit <> 'count'
ORDER BY indicator, borders, period_type, period
