-- Of each sum that betrays a hidden cell, the next one to hide: the smallest part, else the total.
-- A sum betrays a cell where that is all it lacks. What it lacks shall not be small together either,
-- while there are parts to add; and if that is as many cells as cases, each holds one.
WITH seen AS (
    SELECT member.*, secret.row IS NOT NULL AS is_secret
    FROM member LEFT JOIN secret USING (row)
),
lack AS (
    SELECT kind, total, count(*) FILTER (is_secret) AS cells,
        sum(denominator) FILTER (is_secret) AS cases,
        bool_or(is_secret AND is_total) AS lacks_total,
        count(*) FILTER (NOT is_secret AND NOT is_total) AS other_parts,
        arg_min(row, (is_total, denominator, row)) FILTER (NOT is_secret) AS next
    FROM seen GROUP BY kind, total
)
SELECT DISTINCT next AS row FROM lack
WHERE next IS NOT NULL AND (
    cells = 1
    OR cells > 1 AND NOT lacks_total AND (cases < $few AND other_parts > 0 OR cases = cells)
)
