-- Of each sum that betrays a hidden cell, the next one to hide. A sum betrays a cell where that is
-- all it lacks. What it lacks shall not be small together either, while there are parts to add; and
-- if that is as many cells as cases, each holds one. The reasons tell bounds: where what it lacks is
-- as few, or as many, as they allow, it is known to the last case.
WITH seen AS (
    SELECT member.*, secret.row IS NOT NULL AS is_secret, is_small
    FROM member LEFT JOIN secret USING (row)
),
lack AS (
    SELECT kind, total, count(*) FILTER (is_secret) AS cells, count(*) FILTER (NOT is_total) AS parts,
        sum(denominator) FILTER (is_secret) AS cases,
        count(*) FILTER (is_small) AS smalls,
        sum(CASE WHEN denominator = 0 THEN 0 WHEN is_small THEN 1 ELSE $few END)
            FILTER (is_secret) AS fewest,
        bool_or(is_secret AND is_total) AS lacks_total,
        count(*) FILTER (NOT is_secret AND NOT is_total) AS parts_left
    FROM seen GROUP BY kind, total
),
betrays AS (
    SELECT kind, total FROM lack WHERE cells = 1 OR cells > 1 AND NOT lacks_total
        AND (cases < $few AND parts_left > 0 OR cases = cells
            OR cases = fewest
            OR smalls = cells AND cases = ($few - 1) * cells)
),
candidate AS (SELECT seen.* FROM seen JOIN betrays USING (kind, total) WHERE NOT is_secret),
-- What hiding a cell would cost: the sums that nothing is hidden of yet, most where it is the only
-- part, so that the total would have to follow.
price AS (
    SELECT row, sum(CASE WHEN cells > 0 THEN 0 WHEN parts = 1 THEN 10 ELSE 1 END) AS price
    FROM (SELECT DISTINCT row FROM candidate) JOIN member USING (row) JOIN lack USING (kind, total)
    GROUP BY row
)
-- An agency before an area before the nation, then the cheapest, a part before the total, the
-- smallest.
SELECT DISTINCT arg_min(row, (reach, price, is_total, denominator, row)) AS row
FROM candidate JOIN price USING (row) GROUP BY kind, total
