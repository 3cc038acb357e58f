-- So few people of one agency that those who know one of them learn something of the others.
SELECT row FROM figure JOIN definition USING (indicator)
WHERE level = 'agency' AND list_contains($people, record)
    AND denominator > 0 AND denominator < $few
