-- Nhiều chỉ số của một chủ đề cạnh nhau, và thay đổi so với tháng trước.
-- Indicators of one theme side by side, with the change since the month before.
SELECT area_name, period, online_submission_share,
       online_submission_share - lag(online_submission_share)
           OVER (PARTITION BY area ORDER BY starts_on) AS change
FROM mart.wide_online
WHERE borders = '34' AND level = 'province' AND period_type = 'month'
ORDER BY area, starts_on;
