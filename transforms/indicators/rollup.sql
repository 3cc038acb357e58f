-- Counts -> figures on the borders $borders. In: placed (counts), reporting, not_fed (indicator,
-- area), area (code, home, shown_as, level, in_totals), stream (indicator, stream), definition
-- (indicator, definition_version, measured_as, is_stock, accumulates, scope, period_types),
-- $release, $on. A unit is an area or an agency; its home is the area whose coverage it has.
WITH daily AS (
    SELECT indicator, definition_version, is_stock, scope, home, code AS unit, level, in_totals,
        starts_on, sum(numerator) AS numerator, sum(denominator) AS denominator
    FROM placed JOIN area ON code = area JOIN definition USING (indicator, definition_version)
    WHERE agency IS NULL GROUP BY ALL
),

-- Who must report what a figure is made of, over the months in which the nation (or an area apart
-- from it) has data of that scope: any indicator about the same records.
reporter AS (
    SELECT indicator, home, level, if(in_totals, 'VN', home) AS spans_as,
        min(starts_on) AS since, bool_or(not_fed.area IS NOT NULL) AS is_not_fed,
        if(bool_or(complete_through IS NULL OR not_fed.area IS NOT NULL), NULL,
            min(complete_through)) AS complete_through
    FROM reporting JOIN stream USING (stream) JOIN area ON code = area
    LEFT JOIN not_fed USING (indicator, area)
    GROUP BY indicator, home, level, in_totals
),
span AS (
    SELECT scope, if(in_totals, 'VN', home) AS spans_as,
        date_trunc('month', min(starts_on)) AS opens_on, max(starts_on) AS closes_on
    FROM daily GROUP BY ALL
),
expected_month AS (
    SELECT indicator, home, level, since,
        unnest(generate_series(opens_on, closes_on, INTERVAL 1 MONTH))::DATE AS starts_on
    FROM reporter JOIN definition USING (indicator) JOIN span USING (scope, spans_as)
),

-- Months; of a stock the last day of them that says anything.
monthly AS (
    SELECT indicator, definition_version, is_stock, home, unit, level,
        date_trunc('month', starts_on)::DATE AS starts_on,
        if(is_stock, arg_max(numerator, starts_on), sum(numerator)) AS numerator,
        if(is_stock, arg_max(denominator, starts_on), sum(denominator)) AS denominator
    FROM daily
    GROUP BY indicator, definition_version, is_stock, home, unit, level,
        date_trunc('month', starts_on)
    UNION ALL
    -- An agency that bears the code of an area is that area as a whole, counted above.
    SELECT indicator, definition_version, is_stock, home, agency, 'agency',
        date_trunc('month', starts_on)::DATE,
        if(is_stock, arg_max(numerator, starts_on), sum(numerator)),
        if(is_stock, arg_max(denominator, starts_on), sum(denominator))
    FROM placed JOIN definition USING (indicator, definition_version) JOIN area ON code = area
    ANTI JOIN area AS whole ON whole.code = agency WHERE agency IS NOT NULL
    GROUP BY indicator, definition_version, is_stock, home, agency, date_trunc('month', starts_on)
    UNION ALL
    SELECT indicator, definition_version, is_stock, home, code, area.level, starts_on, NULL, NULL
    FROM expected_month JOIN definition USING (indicator) JOIN area USING (home)
    WHERE since <= least(last_day(starts_on), $on)
),
month AS (SELECT DISTINCT starts_on FROM monthly),

-- A balance is what came and did not leave through each month since the unit's first: from here on
-- a stock. An opening is the same less the month's own; what `came` makes a turnover of it.
lasting AS (
    SELECT indicator, definition_version, min(home) AS home, unit, level, accumulates,
        unnest(generate_series(min(starts_on), (SELECT max(starts_on) FROM month),
            INTERVAL 1 MONTH))::DATE AS starts_on
    FROM monthly JOIN definition USING (indicator, definition_version)
    WHERE accumulates IN ('balance', 'opening', 'turnover')
    GROUP BY indicator, definition_version, unit, level, accumulates
),
moved AS (
    SELECT indicator, unit, level, starts_on, sum(numerator) AS numerator,
        sum(denominator) AS denominator
    FROM monthly GROUP BY indicator, unit, level, starts_on
),
balanced AS (
    SELECT indicator, definition_version, home, unit, level, starts_on,
        sum(coalesce(numerator, 0)) OVER months
            - if(accumulates = 'balance', 0, coalesce(numerator, 0)) AS numerator,
        sum(coalesce(denominator, 0)) OVER months AS denominator,
        if(accumulates = 'turnover', coalesce(denominator, 0), 0) AS came
    FROM lasting LEFT JOIN moved USING (indicator, unit, level, starts_on)
    WINDOW months AS (PARTITION BY indicator, unit, level ORDER BY starts_on)
),
counted AS (
    SELECT indicator, definition_version, accumulates, home, unit, level, starts_on,
        numerator, denominator, 0 AS came
    FROM monthly JOIN definition USING (indicator, definition_version)
    WHERE accumulates IN ('flow', 'stock')
    UNION ALL
    SELECT indicator, definition_version, accumulates, home, unit, level, starts_on,
        numerator, denominator, came
    FROM balanced JOIN definition USING (indicator, definition_version)
),
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
local AS (
    SELECT indicator, definition_version, home, unit, level, 'day' AS type,
        starts_on AS first, starts_on AS last, numerator, denominator
    FROM daily
    UNION ALL
    SELECT indicator, definition_version, min(home), unit, level, type, first, last,
        CASE WHEN accumulates IN ('opening', 'turnover')
                THEN arg_min(numerator, starts_on) + sum(came)
            WHEN accumulates = 'flow' THEN sum(numerator)
            ELSE arg_max(numerator, starts_on)
                FILTER (denominator > 0 OR accumulates = 'stock') END,
        CASE WHEN accumulates = 'opening' THEN arg_min(denominator, starts_on)
            WHEN accumulates = 'flow' THEN sum(denominator)
            ELSE arg_max(denominator, starts_on)
                FILTER (denominator > 0 OR accumulates = 'stock') END
    FROM counted JOIN period USING (starts_on)
    GROUP BY indicator, definition_version, accumulates, unit, level, type, first, last
),
figure AS (
    SELECT indicator, definition_version, local.home, coalesce(shown_as, unit) AS unit, local.level,
        type, first, last,
        coalesce(sum(numerator), 0) AS numerator, coalesce(sum(denominator), 0) AS denominator
    FROM local LEFT JOIN area ON code = unit GROUP BY ALL
    UNION ALL
    SELECT indicator, definition_version, 'VN', 'VN', 'nation', type, first, last,
        coalesce(sum(numerator), 0), coalesce(sum(denominator), 0)
    FROM local JOIN area ON code = unit WHERE in_totals AND local.level <> 'agency' GROUP BY ALL
),

-- What silence within a period does to it: a flow lacks a part, a stock lacks its last day. A
-- period in which there was nothing but silence is not heard at all.
span_of_time AS (SELECT DISTINCT first, last, least(last, $on) AS through FROM figure),
silence AS (
    SELECT indicator, home, unnest(silent) AS gap
    FROM reporting JOIN stream USING (stream) JOIN area ON code = area
),
silenced AS (
    SELECT indicator, home, first, last,
        bool_or(NOT is_stock OR gap.ends_on >= through) AS is_short,
        bool_or(gap.starts_on <= first AND gap.ends_on >= through) AS is_silent
    FROM silence JOIN definition USING (indicator)
    JOIN span_of_time ON gap.starts_on <= through AND gap.ends_on >= first
    GROUP BY indicator, home, first, last
),

-- Coverage of a home in a period, and whether its data reaches the period at all.
covered AS (
    SELECT indicator, home, spans_as, since, first, last, is_not_fed,
        (coalesce(complete_through >= through, false) AND is_short IS NOT TRUE)::INT::DOUBLE
            AS coverage,
        coalesce(complete_through >= first, false) AND is_silent IS NOT TRUE AS is_heard
    FROM reporter CROSS JOIN span_of_time LEFT JOIN silenced USING (indicator, home, first, last)
),
coverage AS (
    SELECT indicator, home, first, last, coverage, is_heard, is_not_fed FROM covered
    UNION ALL
    SELECT indicator, 'VN', first, last, avg(coverage), bool_or(is_heard), false
    FROM covered WHERE spans_as = 'VN' AND since <= least(last, $on)
    GROUP BY indicator, first, last
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
    LEFT JOIN coverage USING (indicator, home, first, last)
    WHERE list_contains(period_types, type)
)
SELECT $release AS release, indicator, definition_version, $borders AS borders, unit AS area,
    level, period, type AS period_type,
    if(has_numbers, numerator, NULL)::BIGINT AS numerator,
    if(has_numbers, denominator, NULL)::BIGINT AS denominator,
    CASE WHEN is_counted THEN if(measured_as = 'count', numerator::DOUBLE,
        numerator::DOUBLE / denominator) END AS value,
    if(level = 'nation', coverage, coalesce(coverage, 0)) AS coverage,
    CASE WHEN is_counted THEN 'provisional' WHEN has_numbers THEN 'no_data' ELSE 'missing' END
        AS status,
    CASE WHEN is_counted THEN '' WHEN has_numbers THEN 'no_cases'
        WHEN is_not_fed THEN 'constant_column' ELSE 'not_reported' END AS reason
FROM known WHERE $borders = '34' OR type <> 'day' AND level IN ('province', 'nation')
ORDER BY indicator, level, area, period_type, period
