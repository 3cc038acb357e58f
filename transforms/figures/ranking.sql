-- Values in hundredths of a point (of a share: of a percentage point), rounded half up in integers,
-- and the bounds of Wilson's interval: a share p of n lies within
-- (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
WITH ranked AS (
    SELECT observation.*, level AS kind, unit, direction = 'higher_better' AS is_higher_better
    FROM observation JOIN definition USING (indicator)
    WHERE is_ranked AND period_type IN ('month', 'quarter', 'year')
        AND level IN ('nation', 'province', 'ministry')
),
told AS (
    SELECT *, if(unit = 'share', 10000, 100)::HUGEINT AS steps,
        (2 * steps * numerator + denominator) // nullif(2 * denominator, 0) AS written,
        unit = 'share' AND value BETWEEN 0 AND 1 AS has_interval,
        $z * $z / nullif(denominator, 0) AS spread,
        $z * sqrt(greatest(value * (1 - value), 0) / nullif(denominator, 0)
            + spread / nullif(denominator, 0) / 4) AS half,
        CASE WHEN value IS NULL THEN reason WHEN coverage < 1 THEN 'low_coverage'
            WHEN unit = 'share' AND denominator < $enough THEN 'small_sample' ELSE '' END AS why
    FROM ranked WHERE kind <> 'nation'
),
bounded AS (
    SELECT *, if(has_interval, greatest((value + spread / 2 - half) / (1 + spread), 0), NULL) AS low,
        if(has_interval, least((value + spread / 2 + half) / (1 + spread), 1), NULL) AS high
    FROM told
),
placed AS (
    SELECT *, if(why = '', rank() OVER places, NULL) AS rank,
        if(why = '', count(*) OVER equals - 1, NULL) AS tied_with
    FROM bounded
    WINDOW places AS (
        PARTITION BY indicator, borders, kind, period, why = ''
        ORDER BY if(is_higher_better, -written, written)
    ), equals AS (PARTITION BY indicator, borders, kind, period, why = '', written)
)
SELECT placed.release, placed.indicator, placed.definition_version, placed.borders, placed.kind,
    placed.period, placed.period_type, placed.area, rank, tied_with,
    CASE WHEN rank IS NULL OR low IS NULL OR nation.value IS NULL THEN ''
        WHEN low <= nation.value AND nation.value <= high THEN 'similar'
        WHEN (low > nation.value) = placed.is_higher_better THEN 'better' ELSE 'worse' END AS tier,
    placed.value, low, high, placed.numerator, placed.denominator, placed.coverage,
    why AS reason
FROM placed LEFT JOIN ranked AS nation
    ON nation.kind = 'nation' AND nation.indicator = placed.indicator
    AND nation.borders = placed.borders AND nation.period = placed.period
ORDER BY placed.indicator, placed.borders, placed.kind, placed.period_type, placed.period,
    rank NULLS LAST, placed.area
