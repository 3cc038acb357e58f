-- What one step changed of the figures `touched`. In: before, after (OBSERVATION_SCHEMA), $release,
-- $previous, $cause.
SELECT $release AS release, $previous AS previous, indicator, borders, area, period,
    coalesce(after.level, before.level) AS level,
    coalesce(after.period_type, before.period_type) AS period_type, $cause AS cause,
    before.definition_version AS version_before, after.definition_version AS version_after,
    before.numerator AS numerator_before, after.numerator AS numerator_after,
    before.denominator AS denominator_before, after.denominator AS denominator_after,
    before.value AS value_before, after.value AS value_after,
    after.value - before.value AS change
FROM touched
LEFT JOIN before USING (indicator, borders, area, period)
LEFT JOIN after USING (indicator, borders, area, period)
WHERE (before.numerator, before.denominator, before.value)
    IS DISTINCT FROM (after.numerator, after.denominator, after.value)
ORDER BY indicator, borders, level, area, period_type, period
