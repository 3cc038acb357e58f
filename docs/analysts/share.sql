-- Tỷ lệ hồ sơ trực tuyến của Hà Nội theo tháng; không có số thì cột reason nói vì sao.
-- The online-submission share of Hà Nội by month; where there is no number, reason says why.
SELECT period, area_name, numerator, denominator, value, status, reason
FROM mart.figure
WHERE indicator = 'online_submission_share'
  AND area = 'H26'
  AND borders = '34'          -- trên địa giới 34 tỉnh · on today's borders
  AND period_type = 'month'
ORDER BY period;
