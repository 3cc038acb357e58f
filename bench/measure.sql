-- The dossier counts of bench.measure as one query written by hand for this one purpose:
-- the filter that all counts share is applied once, and every test is written where it is used.
WITH dossier AS (
    SELECT *, parent_code IS NULL AS request, bundle IS NULL OR parent_code IS NOT NULL AS work
    FROM {relation} WHERE status NOT IN ('registered', 'refused') AND is_deleted IS NOT TRUE),
received AS (
    SELECT area_code, agency_code, received_on AS day, date_trunc('month', received_on) AS month,
        request::TINYINT AS requests, work::TINYINT AS works,
        (request AND channel = 'online')::TINYINT AS online,
        (request AND channel = 'postal')::TINYINT AS postal,
        (request AND service_level = 'end_to_end')::TINYINT AS end_to_end,
        (request AND service_level = 'end_to_end' AND channel = 'online')::TINYINT AS end_to_end_online,
        (work AND due_at IS NOT NULL)::TINYINT AS with_due,
        (work AND CASE WHEN status IN ('finished', 'returned') THEN finished_at > due_at
            WHEN status IN ('received', 'processing', 'supplement_requested', 'payment_requested')
            THEN due_at < {cutoff} END)::TINYINT AS overdue,
        (work AND status IN ('received', 'processing', 'supplement_requested', 'payment_requested'))::TINYINT
            AS pending,
        (request AND fee_amount > 0 AND payment IS NOT NULL)::TINYINT AS with_fee,
        (request AND fee_amount > 0 AND payment IN ('national_portal', 'agency_gateway'))::TINYINT AS paid,
        (request AND has_digitised_component IS NOT NULL)::TINYINT AS with_digitised,
        (request AND has_digitised_component)::TINYINT AS digitised,
        (work AND coalesce(supplement_count, 0) <= 1 AND CASE
            WHEN supplement_received_at <= clock_end THEN epoch_us(clock_end)
                - epoch_us(supplement_received_at) + epoch_us(supplement_requested_at)
                <= epoch_us(due_at)
            ELSE clock_end <= due_at END)::TINYINT AS on_time_766
    FROM (
        SELECT *, coalesce(finished_at, returned_at,
            CASE WHEN status IN ('stopped', 'withdrawn') THEN rejected_at
                WHEN status = 'supplement_requested' THEN supplement_requested_at END,
            make_timestamptz(least(epoch_us(last_day(received_on) + 1) - 25200000000,
                epoch_us({cutoff})))) AS clock_end
        FROM dossier)
    WHERE received_on IS NOT NULL
),
finished AS (
    SELECT area_code, agency_code, finished_on AS day, date_trunc('month', finished_on) AS month,
        work::TINYINT AS works, (work AND finished_at <= due_at)::TINYINT AS on_time,
        (work AND has_electronic_result IS NOT NULL)::TINYINT AS with_result,
        (work AND has_electronic_result)::TINYINT AS electronic
    FROM dossier WHERE finished_on IS NOT NULL AND received_on IS NOT NULL
        AND status IN ('finished', 'returned')
),
returned AS (
    SELECT area_code, agency_code, returned_on AS day, date_trunc('month', returned_on) AS month,
        request::TINYINT AS requests, (request AND result_delivery = 'postal')::TINYINT AS postal
    FROM dossier WHERE returned_on IS NOT NULL AND received_on IS NOT NULL AND status = 'returned'
)
SELECT area_code, agency_code, coalesce(day, month)::DATE AS starts_on,
    sum(requests) AS d_online_submission_share, sum(online) AS n_online_submission_share,
    sum(end_to_end) AS d_end_to_end_share, sum(end_to_end_online) AS n_end_to_end_share,
    sum(works) AS d_on_time_rate_766, sum(on_time_766) AS n_on_time_rate_766,
    sum(with_due) AS d_overdue_count, sum(overdue) AS n_overdue_count,
    sum(works) AS d_pending_count, sum(pending) AS n_pending_count,
    sum(requests) AS d_postal_receipt_share, sum(postal) AS n_postal_receipt_share,
    sum(with_fee) AS d_online_payment_share, sum(paid) AS n_online_payment_share,
    sum(with_digitised) AS d_digitised_share, sum(digitised) AS n_digitised_share
FROM received GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month)::DATE AS starts_on,
    sum(works) AS d_on_time_rate, sum(on_time) AS n_on_time_rate,
    sum(with_result) AS d_electronic_result_share, sum(electronic) AS n_electronic_result_share
FROM finished GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month)::DATE AS starts_on,
    sum(requests) AS d_postal_return_share, sum(postal) AS n_postal_return_share
FROM returned GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month))
