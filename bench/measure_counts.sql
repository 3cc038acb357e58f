-- The end of measure.sql: its marks added up, by area and day and by agency and month.
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    sum(with_digitised) AS d_digitised_share, sum(digitised) AS n_digitised_share,
    sum(works) AS d_due_date_missing_share, sum(without_due) AS n_due_date_missing_share,
    sum(with_both) AS d_due_date_moved_share, sum(moved) AS n_due_date_moved_share,
    sum(end_to_end) AS d_end_to_end_share, sum(end_to_end_online) AS n_end_to_end_share,
    sum(works) AS d_form06_03_received_total, sum(works) AS n_form06_03_received_total,
    sum(works) AS d_form06_04_received_online, sum(works_online) AS n_form06_04_received_online,
    sum(works) AS d_form06_05_received_direct, sum(works_direct) AS n_form06_05_received_direct,
    sum(works) AS d_form06_06_carried_over, sum(works) AS n_form06_06_carried_over,
    sum(works) AS d_form06_11_pending_total, sum(works) AS n_form06_11_pending_total,
    sum(works) AS d_form06_12_pending_in_time, sum(works) AS n_form06_12_pending_in_time,
    sum(works) AS d_form06_13_pending_overdue, 0 AS n_form06_13_pending_overdue,
    sum(with_fee) AS d_online_payment_share, sum(paid) AS n_online_payment_share,
    sum(requests) AS d_online_submission_share, sum(online) AS n_online_submission_share,
    sum(uncertified) AS d_online_submission_share_without_certification,
    sum(uncertified_online) AS n_online_submission_share_without_certification,
    sum(with_due) AS d_overdue_count, sum(overdues) AS n_overdue_count,
    sum(works) AS d_pending_count, sum(pendings) AS n_pending_count,
    sum(requests) AS d_postal_receipt_share, sum(postal) AS n_postal_receipt_share,
    sum(with_vneid) AS d_verified_dossier_share, sum(vneid) AS n_verified_dossier_share,
    count(handled) AS d_mean_handling_days, sum(handled) AS n_mean_handling_days,
    sum(filed) AS d_portal_match_rate, sum(matched) AS n_portal_match_rate,
    sum(with_term) AS d_deadline_promised_later_share, sum(promised_later) AS n_deadline_promised_later_share,
    sum(works) AS d_on_time_rate_766, sum(on_time_766) AS n_on_time_rate_766,
    sum(owed) AS d_apology_share, sum(apologised) AS n_apology_share,
    sum(with_result) AS d_online_dossier_share_766, sum(online_result) AS n_online_dossier_share_766,
    sum(works) AS d_dossier_satisfaction_share, sum(content) AS n_dossier_satisfaction_share
FROM at_reception GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    sum(with_digitised) AS d_digitised_with_result_share, sum(digitised) AS n_digitised_with_result_share,
    sum(with_result) AS d_electronic_result_share, sum(electronic) AS n_electronic_result_share,
    sum(works) AS d_on_time_rate, sum(on_time) AS n_on_time_rate,
    sum(with_first) AS d_on_time_rate_original, sum(first_on_time) AS n_on_time_rate_original,
    sum(uncertified) AS d_on_time_rate_without_certification,
    sum(uncertified_on_time) AS n_on_time_rate_without_certification,
    sum(with_two) AS d_deadline_gap_share, sum(apart) AS n_deadline_gap_share,
    sum(with_deadline) AS d_on_time_rate_recomputed, sum(in_deadline) AS n_on_time_rate_recomputed,
    sum(required) AS d_required_result_share, sum(required_electronic) AS n_required_result_share
FROM at_finish GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    -count(*) AS n_form06_03_received_total, -count(*) AS n_form06_06_carried_over,
    count(*) AS d_form06_07_done_total, count(*) AS n_form06_07_done_total,
    count(*) AS d_form06_08_done_early, sum(early) AS n_form06_08_done_early,
    count(*) AS d_form06_09_done_on_time, sum(on_time) AS n_form06_09_done_on_time,
    count(*) AS d_form06_10_done_late, sum(late) AS n_form06_10_done_late,
    -count(*) AS n_form06_11_pending_total, -sum(overdue) AS n_form06_13_pending_overdue
FROM at_close GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    -count(*) AS n_form06_12_pending_in_time
FROM (SELECT *, in_time_until AS day, date_trunc('month', day) AS month_on FROM stood
    WHERE in_time_until IS NOT NULL)
GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    count(*) AS n_form06_13_pending_overdue
FROM (SELECT *, overdue_on AS day, date_trunc('month', day) AS month_on FROM stood WHERE overdue_on IS NOT NULL)
GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    count(*) AS d_postal_return_share, sum(postal) AS n_postal_return_share
FROM (SELECT *, returned_on AS day, date_trunc('month', day) AS month_on,
    (result_delivery = 'postal')::INT AS postal
    FROM received WHERE request AND status = 'returned' AND returned_on IS NOT NULL)
GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, month_on::DATE AS starts_on,
    sum(is_online::INT) AS d_online_service_used_share,
    sum((is_online AND online)::INT) AS n_online_service_used_share,
    sum(has_fee::INT) AS d_payable_procedure_share, sum((has_fee AND paid_on_portal)::INT)
        AS n_payable_procedure_share,
    sum(has_fee::INT) AS d_paid_procedure_share, sum((has_fee AND paid)::INT) AS n_paid_procedure_share,
    sum(is_for_citizens::INT) AS d_verified_procedure_share,
    sum((is_for_citizens AND verified)::INT) AS n_verified_procedure_share
FROM (SELECT *, area_code AS agency_code FROM used)
GROUP BY GROUPING SETS ((area_code, month_on), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    count(*) AS d_portal_orphan_count, sum(orphan) AS n_portal_orphan_count
FROM (SELECT area_code, agency_code, submitted_on AS day, date_trunc('month', day) AS month_on,
        (dossier_code NOT IN (SELECT dossier_code FROM {dossier} WHERE is_deleted IS NOT TRUE))::INT AS orphan
    FROM {portal_dossier} WHERE is_deleted IS NOT TRUE AND status NOT IN ('registered', 'refused')
        AND submitted_at <= {cutoff} - INTERVAL 3 DAY)
GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, coalesce(day, month_on)::DATE AS starts_on,
    count(*) AS d_satisfaction_rating_share, sum(satisfied) AS n_satisfaction_rating_share
FROM (SELECT area_code, agency_code, rated_on AS day, date_trunc('month', day) AS month_on,
        (rating IN ('very_satisfied', 'satisfied'))::INT AS satisfied
    FROM {rating} WHERE is_deleted IS NOT TRUE AND rated_on IS NOT NULL)
GROUP BY GROUPING SETS ((area_code, day), (area_code, agency_code, month_on))
UNION ALL BY NAME
SELECT area_code, agency_code, starts_on,
    count(*) AS d_procedures_published_count, count(*) AS n_procedures_published_count,
    count(*) AS d_approved_service_count, sum(is_approved::INT) AS n_approved_service_count,
    count(*) AS d_end_to_end_service_count, sum((service_level = 'end_to_end')::INT)
        AS n_end_to_end_service_count,
    count(*) AS d_online_service_count, sum(online) AS n_online_service_count,
    count(*) AS d_procedure_online_share, sum(online) AS n_procedure_online_share,
    count(essential_number) AS d_essential_service_count,
    sum(CASE WHEN essential_number IS NOT NULL THEN online END) AS n_essential_service_count
FROM (
    SELECT procedure.*, month.starts_on, (service_level IN ('partial', 'end_to_end'))::INT AS online
    FROM {procedure} AS procedure
    JOIN {source} AS source ON source.source_id = procedure.source_id AND source.record = 'procedure'
    JOIN {month} AS month ON month.ends_on >= source.starts_on AND published_on <= month.ends_on
        AND (ended_on IS NULL OR ended_on > month.ends_on)
    WHERE is_deleted IS NOT TRUE)
GROUP BY GROUPING SETS ((area_code, starts_on), (area_code, agency_code, starts_on))
