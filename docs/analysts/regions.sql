-- Gộp nhiều tỉnh: cộng tử số và mẫu số rồi mới chia; không lấy trung bình của các tỷ lệ.
-- Several provinces together: add numerators and denominators, then divide; never average shares.
SELECT period, sum(numerator)::float8 / sum(denominator) AS value, count(*) AS areas
FROM mart.figure
WHERE indicator = 'online_submission_share'
  AND area IN ('H26', 'H29') AND borders = '34' AND period_type = 'month'
  AND value IS NOT NULL
GROUP BY period
ORDER BY period;
