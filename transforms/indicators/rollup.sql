-- Counts -> figures. In: measures, reporting, area (code, level, in_totals),
-- definition (indicator, definition_version, measured_as, record, period_types), $release, $on.
-- A unit is the nation, an area or an agency; its home is the area whose coverage it has.
WITH daily AS (
    SELECT indicator, definition_version, area AS home, area AS unit, level, starts_on,
        numerator, denominator
    FROM measures JOIN area ON code = area WHERE agency IS NULL
    UNION ALL
    SELECT indicator, definition_version, 'VN', 'VN', 'nation', starts_on,
        sum(numerator), sum(denominator)
    FROM measures JOIN area ON code = area WHERE agency IS NULL AND in_totals GROUP BY ALL
),

-- Who must report, over the months in which the nation (or an area apart from it) has data.
reporter AS (
    SELECT record, area AS home, level, if(in_totals, 'VN', area) AS spans_as,
        starts_on AS since, complete_through
    FROM reporting JOIN area ON code = area
),
expected AS (
    SELECT record, home, level, spans_as, since FROM reporter
    UNION ALL
    SELECT record, 'VN', 'nation', 'VN', min(since)
    FROM reporter WHERE spans_as = 'VN' GROUP BY record
),
span AS (
    SELECT home AS spans_as, date_trunc('month', min(starts_on)) AS opens_on,
        max(starts_on) AS closes_on
    FROM daily GROUP BY home
),
expected_month AS (
    SELECT record, home, level, since,
        unnest(generate_series(opens_on, closes_on, INTERVAL 1 MONTH))::DATE AS starts_on
    FROM expected JOIN span USING (spans_as)
),

monthly AS (
    SELECT indicator, definition_version, home, unit, level,
        date_trunc('month', starts_on)::DATE AS starts_on,
        sum(numerator) AS numerator, sum(denominator) AS denominator
    FROM daily GROUP BY ALL
    UNION ALL
    -- An agency that bears the code of an area is that area as a whole, counted above.
    SELECT indicator, definition_version, area, agency, 'agency', starts_on, numerator, denominator
    FROM measures ANTI JOIN area ON code = agency WHERE agency IS NOT NULL
    UNION ALL
    SELECT indicator, definition_version, home, home, level, starts_on, 0, 0
    FROM expected_month JOIN definition USING (record)
    WHERE since <= least(last_day(starts_on), $on)
),
month AS (SELECT DISTINCT starts_on FROM monthly),
period AS (
    SELECT starts_on, 'month' AS type, starts_on AS first, last_day(starts_on) AS last FROM month
    UNION ALL
    SELECT starts_on, 'quarter', date_trunc('quarter', starts_on),
        last_day(date_trunc('quarter', starts_on)::DATE + INTERVAL 2 MONTH) FROM month
    UNION ALL
    SELECT starts_on, 'year', date_trunc('year', starts_on),
        make_date(year(starts_on), 12, 31) FROM month
    UNION ALL
    SELECT starts_on, 'all', '-infinity'::DATE, 'infinity'::DATE FROM month
),
figure AS (
    SELECT indicator, definition_version, home, unit, level, 'day' AS type,
        starts_on AS first, starts_on AS last, numerator, denominator
    FROM daily
    UNION ALL
    SELECT indicator, definition_version, min(home), unit, level, type,
        first, last, sum(numerator), sum(denominator)
    FROM monthly JOIN period USING (starts_on)
    GROUP BY indicator, definition_version, unit, level, type, first, last
),

-- Coverage of a home in a period, and whether its data reaches the period at all.
covered AS (
    SELECT record, home, spans_as, since, first, last,
        coalesce((complete_through >= least(last, $on))::INT, 0)::DOUBLE AS coverage,
        coalesce(complete_through >= first, false) AS is_heard
    FROM reporter CROSS JOIN (SELECT DISTINCT first, last FROM figure)
),
coverage AS (
    SELECT record, home, first, last, coverage, is_heard FROM covered
    UNION ALL
    SELECT record, 'VN', first, last, avg(coverage), bool_or(is_heard)
    FROM covered WHERE spans_as = 'VN' AND since <= least(last, $on)
    GROUP BY record, first, last
),
known AS (
    SELECT *, denominator > 0 AS is_counted,
        is_counted OR coalesce(is_heard, false) AS has_numbers,
        CASE type
            WHEN 'day' THEN strftime(first, '%Y-%m-%d')
            WHEN 'month' THEN strftime(first, '%Y-%m')
            WHEN 'quarter' THEN year(first) || '-Q' || quarter(first)
            WHEN 'year' THEN year(first)::VARCHAR
            ELSE type END AS period
    FROM figure JOIN definition USING (indicator, definition_version)
    LEFT JOIN coverage USING (record, home, first, last)
    WHERE list_contains(period_types, type)
)
SELECT $release AS release, indicator, definition_version, unit AS area, level, period,
    type AS period_type,
    if(has_numbers, numerator, NULL)::BIGINT AS numerator,
    if(has_numbers, denominator, NULL)::BIGINT AS denominator,
    CASE WHEN is_counted THEN if(measured_as = 'share', numerator::DOUBLE / denominator,
        numerator::DOUBLE) END AS value,
    if(level = 'nation', coverage, coalesce(coverage, 0)) AS coverage,
    CASE WHEN is_counted THEN 'provisional' WHEN has_numbers THEN 'no_data' ELSE 'missing' END
        AS status
FROM known
ORDER BY indicator, level, area, period_type, period
