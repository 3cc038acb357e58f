-- Dành cho địa phương: dòng dữ liệu của mình còn lỗi, theo từng loại kiểm tra.
-- For a province or ministry: its own rows that are still wrong, by check.
SELECT source_id, record, check_id, count(*) AS row_count, min(first_seen) AS since
FROM ops.finding
WHERE state = 'open' AND record_key IS NOT NULL
GROUP BY source_id, record, check_id
ORDER BY row_count DESC, check_id;
