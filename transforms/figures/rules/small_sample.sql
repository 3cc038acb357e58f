-- Fewer answers than the indicator's `minimum_sample`: chance alone would move the figure.
SELECT row FROM figure JOIN definition USING (indicator)
WHERE denominator > 0 AND denominator < minimum_sample
