-- What is published. Where the nation's figure is withheld, so is every item, for the same reason.
-- Where all items are hidden and what is said of them would tell what they hold (one had all the
-- cases, or there are as few or as many as the reasons allow), that period has no rows: so nobody can
-- tell which items had a case.
WITH seen AS (
    SELECT figure.*, if(nation.status = 'withheld', nation.reason, coalesce(why, '')) AS because,
        nation.status AS of_nation, secret.row IS NOT NULL AS is_secret, is_small
    FROM figure LEFT JOIN hidden USING (row) LEFT JOIN secret USING (row)
    JOIN nation USING (indicator, period)
),
lack AS (
    SELECT indicator, dimension, period, sum(denominator) AS cases,
        count(*) FILTER (denominator > 0) AS cells, count(*) FILTER (is_small) AS smalls
    FROM seen WHERE of_nation <> 'withheld'
    GROUP BY indicator, dimension, period HAVING bool_and(is_secret)
),
telling AS (
    SELECT indicator, dimension, period FROM lack
    WHERE cells = 1 OR cases = cells OR cases = smalls + $few * (cells - smalls)
        OR smalls = cells AND cases = ($few - 1) * cells
)
SELECT release, indicator, definition_version, dimension, item, period, period_type,
    if(because = '', numerator, NULL) AS numerator,
    if(because = '', denominator, NULL) AS denominator,
    if(because = '', value, NULL) AS value,
    if(because = '', of_nation, 'withheld') AS status, because AS reason
FROM seen ANTI JOIN telling USING (indicator, dimension, period)
WHERE denominator > 0
ORDER BY indicator, dimension, item, period_type, period
