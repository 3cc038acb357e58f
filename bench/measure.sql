-- The counts of bench.measure as one query written by hand for this one purpose; measure_counts.sql
-- ends it. The filter that all counts share is written once, a small table is joined once for each day
-- that puts dossiers into periods, and a test stands where it is used. Braces name files.
WITH received AS NOT MATERIALIZED (
    SELECT *, parent_code IS NULL AS request, bundle IS NULL OR parent_code IS NOT NULL AS work,
        status IN ('finished', 'returned') AND finished_on IS NOT NULL AS finished,
        status IN ('received', 'processing', 'supplement_requested', 'payment_requested') AS pending
    FROM {dossier}
    WHERE received_on IS NOT NULL AND status NOT IN ('registered', 'refused') AND is_deleted IS NOT TRUE
),
catalogue AS (
    SELECT procedure_code, bool_or(requires_result) AS requires_result, bool_or(has_fee) AS has_fee,
        bool_or(is_for_citizens) AS is_for_citizens,
        max(statutory_unit) FILTER (statutory_time > 0) AS unit,
        max(statutory_time) FILTER (statutory_unit IS NOT NULL) AS time,
        count(DISTINCT statutory_unit) FILTER (statutory_time > 0) = 1 AND time > 0 AS limited
    FROM {procedure} WHERE is_deleted IS NOT TRUE GROUP BY procedure_code
),
asked AS (
    SELECT * FROM (
        SELECT source_id, dossier_code, event IN ('supplement_requested', 'payment_requested') AS asks,
            happened_at AS begins_at, lead(happened_at) OVER (PARTITION BY source_id, dossier_code
                ORDER BY happened_at, asks, event_code) AS ends_at
        FROM {dossier_event}
        WHERE is_deleted IS NOT TRUE AND event <> 'apology_issued' AND happened_at < {cutoff})
    WHERE asks
),
wait AS (
    SELECT key_hash, office, greatest(begins_at, received_at) AS begins_at,
        least(ends_at, done_at) AS ends_at
    FROM (
        SELECT key_hash, office, received_at,
            CASE WHEN status IN ('finished', 'returned') THEN finished_at END AS done_at,
            coalesce(asked.begins_at, supplement_requested_at) AS begins_at,
            CASE WHEN asked.ends_at IS NOT NULL THEN asked.ends_at
                WHEN asked.begins_at IS NULL AND supplement_received_at IS NOT NULL
                    THEN supplement_received_at
                WHEN status IN ('supplement_requested', 'payment_requested') THEN {cutoff} END AS ends_at
        FROM {dossier} JOIN {hours} USING (area_code) LEFT JOIN asked USING (source_id, dossier_code)
        WHERE is_deleted IS NOT TRUE AND received_at IS NOT NULL
            AND (asked.begins_at IS NOT NULL OR supplement_requested_at IS NOT NULL))
    WHERE ends_at IS NOT NULL
),
waited AS (
    SELECT key_hash, sum(greatest(0, until.number + (epoch_us(ends_at) > until.receives_until_us)::INT
            - since.number - (epoch_us(begins_at) > since.receives_until_us)::INT))::INT AS days,
        sum(greatest(0, until.worked_before_us
            + least(greatest(epoch_us(ends_at), until.opens_us), until.noon_from_us) - until.opens_us
            + least(greatest(epoch_us(ends_at), until.noon_to_us), until.closes_us) - until.noon_to_us
            - since.worked_before_us
            - least(greatest(epoch_us(begins_at), since.opens_us), since.noon_from_us) + since.opens_us
            - least(greatest(epoch_us(begins_at), since.noon_to_us), since.closes_us)
            + since.noon_to_us))::BIGINT AS us
    FROM wait
    JOIN {office} AS since ON since.office = wait.office
        AND since.day = make_timestamp(epoch_us(begins_at) + 25200000000)::DATE
    JOIN {office} AS until ON until.office = wait.office
        AND until.day = make_timestamp(epoch_us(ends_at) + 25200000000)::DATE
    WHERE begins_at < ends_at GROUP BY key_hash
),
started AS NOT MATERIALIZED (
    SELECT *, number + late::INT AS start_number,
        CASE unit WHEN 'working_day' THEN number + late::INT + time
            WHEN 'day' THEN CASE WHEN late THEN next_day_key ELSE day_key END + time
            WHEN 'month' THEN CASE WHEN late THEN next_month_key ELSE month_key END + 31 * time
            END AS due_key,
        CASE WHEN unit = 'hour' THEN 3600000000 * time + CASE WHEN late THEN worked_through_us
            ELSE worked_before_us
                + least(greatest(epoch_us(received_at), opens_us), noon_from_us) - opens_us
                + least(greatest(epoch_us(received_at), noon_to_us), closes_us) - noon_to_us
            END END AS due_us
    FROM (
        SELECT received.*, catalogue.* EXCLUDE (procedure_code), opening.* EXCLUDE (day),
            epoch_us(received_at) > receives_until_us AS late
        FROM received
        LEFT JOIN {hours} AS hours ON hours.area_code = received.area_code
        LEFT JOIN {office} AS opening ON opening.office = hours.office AND opening.day = received_on
        LEFT JOIN catalogue ON catalogue.procedure_code = received.procedure_code)
),
at_reception AS NOT MATERIALIZED (
    SELECT area_code, agency_code, received_on AS day, date_trunc('month', received_on) AS month_on,
        request::INT AS requests, work::INT AS works,
        (request AND channel = 'online')::INT AS online,
        (request AND channel = 'postal')::INT AS postal,
        (request AND service_level = 'end_to_end')::INT AS end_to_end,
        (request AND service_level = 'end_to_end' AND channel = 'online')::INT AS end_to_end_online,
        (request AND {no_certification})::INT AS uncertified,
        (request AND {no_certification} AND channel = 'online')::INT AS uncertified_online,
        (request AND fee_amount > 0 AND payment IS NOT NULL)::INT AS with_fee,
        (request AND fee_amount > 0 AND payment IN ('national_portal', 'agency_gateway'))::INT AS paid,
        (request AND has_digitised_component IS NOT NULL)::INT AS with_digitised,
        (request AND has_digitised_component)::INT AS digitised,
        (request AND is_vneid_verified IS NOT NULL)::INT AS with_vneid,
        (request AND is_vneid_verified)::INT AS vneid,
        (request AND with_result)::INT AS with_result,
        (request AND with_result AND channel = 'online'
            AND (has_electronic_result OR NOT requires_result))::INT
            AS online_result,
        (request AND filed_on_portal AND received_at <= {cutoff} - INTERVAL 3 DAY)::INT AS filed,
        (request AND filed_on_portal AND received_at <= {cutoff} - INTERVAL 3 DAY
            AND at_portal.dossier_code IS NOT NULL)::INT AS matched,
        (work AND channel = 'online')::INT AS works_online,
        (work AND channel IS DISTINCT FROM 'online')::INT AS works_direct,
        (work AND due_at IS NULL)::INT AS without_due, (work AND due_at IS NOT NULL)::INT AS with_due,
        (work AND due_at IS NOT NULL AND first_due_at IS NOT NULL)::INT AS with_both,
        (work AND due_at <> first_due_at)::INT AS moved,
        (work AND overdue)::INT AS overdues, (work AND pending)::INT AS pendings,
        (work AND overdue AND telling.source_id IS NOT NULL)::INT AS owed,
        (work AND overdue AND telling.source_id IS NOT NULL AND apology.dossier_code IS NOT NULL)::INT
            AS apologised,
        CASE WHEN work THEN 1 - coalesce(overdue, false)::INT
            - (disliked.dossier_code IS NOT NULL)::INT END AS content,
        CASE WHEN work AND finished THEN greatest(0, finish.number - start_number - coalesce(days, 0))
            END AS handled,
        (work AND first_due_at IS NOT NULL AND statutory_at IS NOT NULL)::INT AS with_term,
        (work AND first_due_at > statutory_at)::INT AS promised_later,
        (work AND coalesce(supplement_count, 0) <= 1 AND
            CASE WHEN supplement_received_at <= clock_end THEN epoch_us(clock_end)
                - epoch_us(supplement_received_at) + coalesce(epoch_us(supplement_requested_at), 0)
            ELSE epoch_us(clock_end) END <= epoch_us(coalesce(due_at, statutory_at)))::INT AS on_time_766
    FROM (
        SELECT started.*, coalesce(ends_at, make_timestamptz(session.opens_us + due_us - after_us))
                AS statutory_at,
            CASE WHEN finished THEN finished_at > due_at WHEN pending THEN due_at < {cutoff} END AS overdue,
            NOT finished OR has_electronic_result IS NOT NULL AS with_result,
            coalesce(finished_at, returned_at, CASE WHEN status IN ('stopped', 'withdrawn') THEN rejected_at
                WHEN status = 'supplement_requested' THEN supplement_requested_at END,
                make_timestamptz(least(epoch_us(last_day(received_on) + 1) - 25200000000,
                    epoch_us({cutoff})))) AS clock_end
        FROM started
        LEFT JOIN {term} AS term ON term.unit = started.unit AND term.due_key = started.due_key
        LEFT JOIN {session} AS session ON session.office = started.office
            AND slot = (due_us - 1) // 14400000000 AND after_us < due_us AND due_us <= until_us
    ) AS dossier
    LEFT JOIN waited ON waited.key_hash = dossier.key_hash
    LEFT JOIN {calendar} AS finish ON finish.day = finished_on
    LEFT JOIN (SELECT source_id FROM {source} WHERE record = 'dossier_event') AS telling
        ON telling.source_id = dossier.source_id
    LEFT JOIN (SELECT DISTINCT source_id, dossier_code FROM {dossier_event}
            WHERE event = 'apology_issued' AND happened_at < {cutoff} AND is_deleted IS NOT TRUE) AS apology
        ON apology.source_id = dossier.source_id AND apology.dossier_code = dossier.dossier_code
    LEFT JOIN (SELECT DISTINCT dossier_code FROM {rating}
            WHERE rating = 'dissatisfied' AND is_deleted IS NOT TRUE) AS disliked
        ON disliked.dossier_code = dossier.dossier_code
    LEFT JOIN (SELECT DISTINCT dossier_code FROM {portal_dossier} WHERE is_deleted IS NOT TRUE) AS at_portal
        ON at_portal.dossier_code = dossier.dossier_code
),
at_finish AS NOT MATERIALIZED (
    SELECT area_code, agency_code, finished_on AS day, date_trunc('month', finished_on) AS month_on,
        work::INT AS works, (work AND finished_at <= due_at)::INT AS on_time,
        (work AND {no_certification})::INT AS uncertified,
        (work AND {no_certification} AND finished_at <= due_at)::INT AS uncertified_on_time,
        (work AND first_due_at IS NOT NULL)::INT AS with_first,
        (work AND finished_at <= first_due_at)::INT AS first_on_time,
        (work AND has_electronic_result IS NOT NULL)::INT AS with_result,
        (work AND has_electronic_result)::INT AS electronic,
        (work AND has_electronic_result IS NOT NULL AND requires_result)::INT AS required,
        (work AND has_electronic_result AND requires_result)::INT AS required_electronic,
        (work AND has_electronic_result IS NOT NULL AND has_digitised_component IS NOT NULL)::INT
            AS with_digitised,
        (work AND has_electronic_result AND has_digitised_component)::INT AS digitised,
        (work AND deadline_at IS NOT NULL)::INT AS with_deadline,
        (work AND finished_at <= deadline_at)::INT AS in_deadline,
        (work AND deadline_at IS NOT NULL AND due_at IS NOT NULL)::INT AS with_two,
        (work AND (finished_at <= deadline_at) <> (finished_at <= due_at))::INT AS apart
    FROM (
        SELECT moved.*, coalesce(ends_at, make_timestamptz(session.opens_us + moved_us - after_us))
            AS deadline_at
        FROM (
            SELECT started.*, term.number + coalesce(days, 0) AS moved_key, due_us + coalesce(us, 0)
                AS moved_us
            FROM started
            LEFT JOIN waited ON waited.key_hash = started.key_hash
            LEFT JOIN {term} AS term ON term.unit = started.unit AND term.due_key = started.due_key
            WHERE finished
        ) AS moved
        LEFT JOIN {term} AS term ON term.unit = 'working_day' AND term.due_key = moved_key
        LEFT JOIN {session} AS session ON session.office = moved.office
            AND slot = (moved_us - 1) // 14400000000 AND after_us < moved_us AND moved_us <= until_us)
),
stood AS NOT MATERIALIZED (
    SELECT *, CASE WHEN (due_at IS NULL OR due_at < {cutoff}) AND (closed_on IS NULL OR closed_on > late_on)
        THEN late_on END AS overdue_on, least(closed_on, overdue_on) AS in_time_until
    FROM (
        SELECT area_code, agency_code, due_at, closed_at, CASE WHEN closed_at < {cutoff} THEN
                greatest(received_on, make_timestamp(epoch_us(closed_at) + 25200000000)::DATE) END
                    AS closed_on,
            CASE WHEN due_at IS NULL THEN received_on
                ELSE greatest(received_on, make_timestamp(epoch_us(due_at) + 25200000000)::DATE) END
                    AS late_on
        FROM (
            SELECT *, CASE WHEN status IN ('finished', 'returned')
                    THEN coalesce(finished_at, returned_at, version_at)
                WHEN status IN ('withdrawn', 'stopped') THEN coalesce(rejected_at, version_at) END
                    AS closed_at
            FROM received WHERE work))
),
at_close AS NOT MATERIALIZED (
    SELECT area_code, agency_code, closed_on AS day, date_trunc('month', closed_on) AS month_on,
        coalesce(early, false)::INT AS early, (closed_at <= due_at AND NOT early)::INT AS on_time,
        (due_at IS NULL OR closed_at > due_at)::INT AS late, (overdue_on IS NOT NULL)::INT AS overdue
    FROM (SELECT *, make_timestamp(epoch_us(closed_at) + 25200000000)::DATE
            < make_timestamp(epoch_us(due_at) + 25200000000)::DATE AS early FROM stood)
    WHERE closed_on IS NOT NULL
),
used AS (
    SELECT area_code, date_trunc('month', received_on) AS month_on,
        bool_or(service_level IN ('partial', 'end_to_end')) AS is_online, bool_or(channel = 'online')
            AS online,
        bool_or(fee_amount > 0 AND payment = 'national_portal') AS paid_on_portal,
        bool_or(fee_amount > 0 AND payment IN ('national_portal', 'agency_gateway')) AS paid,
        bool_or(is_vneid_verified) AS verified, any_value(has_fee) AS has_fee,
        any_value(is_for_citizens) AS is_for_citizens
    FROM received LEFT JOIN catalogue USING (procedure_code)
    WHERE request AND procedure_code IS NOT NULL
    GROUP BY source_id, area_code, procedure_code, month_on
)
