-- The sums that anybody can write down: which cells add up to which other one. A cell is a figure
-- about people that counts somebody; one that counts nobody is known to be zero.
CREATE TEMP TABLE member AS
WITH cell AS (
    SELECT row, indicator, borders, area, level, period, period_type, accumulates, denominator,
        split_part(area, '.', 1) AS root,
        CASE level WHEN 'agency' THEN 0 WHEN 'nation' THEN 2 ELSE 1 END AS reach
    FROM figure JOIN definition USING (indicator)
    WHERE denominator > 0 AND list_contains($people, record)
),
-- Agencies make up the area that they belong to now, and the province whose code they bear; areas
-- in the national totals make up the nation, on old borders with what is no province of today's.
belongs AS (
    SELECT cell.*, '34' AS in_borders, home AS whole FROM cell JOIN home ON code = root
    WHERE level = 'agency'
    UNION ALL
    SELECT *, '63', root FROM cell WHERE level = 'agency'
    UNION ALL
    SELECT cell.*, drawn, 'VN' FROM cell JOIN home ON code = area
    JOIN (VALUES ('34'), ('63')) AS of_nation(drawn) ON level <> 'province' OR drawn = borders
    WHERE level NOT IN ('agency', 'nation') AND in_totals
),
by_place AS (
    SELECT 'place' AS kind, t.row AS total, p.row, p.reach, p.denominator
    FROM belongs AS p JOIN cell AS t ON t.indicator = p.indicator AND t.period = p.period
        AND t.borders = p.in_borders AND t.area = p.whole
),
-- Shorter periods make up the next longer one; of a state the last that counted stands for it (of
-- an opening the first).
nested AS (
    SELECT t.row AS total, p.row, p.reach, p.denominator, p.accumulates, first
    FROM cell AS p JOIN longer USING (indicator, period_type) JOIN period USING (period, period_type)
    JOIN cell AS t ON t.indicator = p.indicator AND t.borders = p.borders AND t.area = p.area
        AND t.period_type = longer_type AND t.period = within[longer_type]
),
by_time AS (
    SELECT 'time' AS kind, total, row, reach, denominator FROM nested
    QUALIFY accumulates = 'flow' OR 1 = row_number() OVER (PARTITION BY total ORDER BY
        if(accumulates = 'opening', 1, -1) * (first - DATE '2000-01-01'))
),
-- Old provinces make up the one that they belong to now; the nation is the same.
by_borders AS (
    SELECT 'borders' AS kind, t.row AS total, p.row, p.reach, p.denominator
    FROM cell AS p JOIN home ON code = p.area JOIN cell AS t
        ON t.indicator = p.indicator AND t.period = p.period AND t.area = home
    WHERE p.borders = '63' AND t.borders = '34'
),
part AS (
    SELECT * FROM by_place UNION ALL SELECT * FROM by_time UNION ALL SELECT * FROM by_borders
)
SELECT kind, total, row, reach, denominator, false AS is_total FROM part
UNION ALL
SELECT DISTINCT kind, total, total, cell.reach, cell.denominator, true
FROM part JOIN cell ON cell.row = total
