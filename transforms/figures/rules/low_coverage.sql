-- The nation below the indicator's floor; an area or agency of which nothing is complete although
-- the period has ended: what came is a part of the figure that nobody can judge the size of. A
-- period under way stays provisional.
SELECT row FROM figure JOIN definition USING (indicator) JOIN period USING (period, period_type)
WHERE numerator IS NOT NULL
    AND if(level = 'nation', coverage < floor, coverage = 0 AND last <= $on)
