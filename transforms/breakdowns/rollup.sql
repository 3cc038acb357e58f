-- The parts of the nation by month and longer. In: part (counts), definition (indicator, unit,
-- period_types), $release. Of a flow a longer period is the sum of its months.
WITH placed AS (
    SELECT indicator, definition_version, dimension, item, numerator, denominator,
        unnest([
            {'period_type': 'month', 'period': strftime(starts_on, '%Y-%m')},
            {'period_type': 'quarter', 'period': year(starts_on) || '-Q' || quarter(starts_on)},
            {'period_type': 'year', 'period': year(starts_on)::VARCHAR},
            {'period_type': 'all', 'period': 'all'}
        ], recursive := true)
    FROM part
)
SELECT $release AS release, indicator, definition_version, dimension, item, period, period_type,
    sum(numerator)::BIGINT AS numerator, sum(denominator)::BIGINT AS denominator,
    if(any_value(unit) = 'count', sum(numerator)::DOUBLE,
        sum(numerator)::DOUBLE / sum(denominator)) AS value,
    'provisional' AS status, '' AS reason
FROM placed JOIN definition USING (indicator)
WHERE list_contains(period_types, period_type)
GROUP BY indicator, definition_version, dimension, item, period, period_type
ORDER BY indicator, dimension, item, period_type, period
