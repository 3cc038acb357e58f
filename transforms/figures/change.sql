-- Each area stands once as now and once as before the next period; matched is who stands twice.
WITH ended AS (
    SELECT * FROM period WHERE period_type IN ('month', 'quarter', 'year') AND last <= $on
),
whole AS (
    SELECT area_figure.*, unit, first, first_after
    FROM area_figure JOIN definition USING (indicator) JOIN ended USING (period, period_type)
    WHERE value IS NOT NULL AND coverage = 1
),
nation AS (SELECT * FROM observation JOIN ended USING (period, period_type) WHERE level = 'nation'),
stands AS (
    SELECT *, first AS now, true AS is_now FROM whole
    UNION ALL SELECT *, first_after, false FROM whole
),
reporter AS (
    SELECT indicator, borders, period_type, now, area, unit,
        bool_or(is_now) AS is_now, bool_or(NOT is_now) AS is_before,
        sum(numerator) FILTER (is_now) AS n, sum(denominator) FILTER (is_now) AS d,
        sum(numerator) FILTER (NOT is_now) AS n_before,
        sum(denominator) FILTER (NOT is_now) AS d_before
    FROM stands GROUP BY ALL
),
panel AS (
    SELECT indicator, borders, period_type, now,
        count(*) FILTER (is_now AND is_before) AS matched,
        count(*) FILTER (NOT is_now) AS only_before, count(*) FILTER (NOT is_before) AS only_now,
        sum(n) FILTER (is_before) / if(unit = 'count', 1, sum(d) FILTER (is_before)) AS value,
        sum(n_before) FILTER (is_now) / if(unit = 'count', 1, sum(d_before) FILTER (is_now))
            AS value_before
    FROM reporter GROUP BY indicator, borders, period_type, now, unit
),
paired AS (
    SELECT now.*, old.period AS period_before,
        now.value::DECIMAL(38, 6) AS exact, old.value::DECIMAL(38, 6) AS exact_before,
        panel.value::DECIMAL(38, 6) - panel.value_before::DECIMAL(38, 6) AS real,
        coalesce(matched, 0) AS matched, coalesce(only_before, 0) AS only_before,
        coalesce(only_now, 0) AS only_now
    FROM nation AS now JOIN nation AS old ON old.indicator = now.indicator
        AND old.borders = now.borders AND old.period_type = now.period_type
        AND old.first_after = now.first
    LEFT JOIN panel ON panel.indicator = now.indicator AND panel.borders = now.borders
        AND panel.period_type = now.period_type AND panel.now = now.first
)
SELECT release, indicator, definition_version, borders, period, period_type, period_before,
    exact AS value, exact_before AS value_before, exact - exact_before AS change, real,
    exact - exact_before - real AS reporters, matched, only_before, only_now
FROM paired ORDER BY indicator, borders, period_type, period
