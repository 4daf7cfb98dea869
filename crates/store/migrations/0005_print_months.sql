-- Months part what was counted from what was asked for, and count the jobs that know neither.
-- They are made anew from the jobs, whose sum they always are.

DROP TABLE print_months;

CREATE TABLE print_months (
    organization_no          BIGINT NOT NULL,
    month                    BIGINT NOT NULL,
    -- 0 where no user is known.
    user_no                  BIGINT NOT NULL,
    printer_no               BIGINT NOT NULL,
    function                 BIGINT NOT NULL,
    jobs                     BIGINT NOT NULL,
    copies                   BIGINT NOT NULL,
    impressions              BIGINT NOT NULL,
    -- As somebody counted.
    mono_impressions         BIGINT NOT NULL,
    color_impressions        BIGINT NOT NULL,
    -- As asked for by jobs of which nobody counted the colour.
    mono_requested           BIGINT NOT NULL,
    color_requested          BIGINT NOT NULL,
    duplex_impressions       BIGINT NOT NULL,
    sheets                   BIGINT NOT NULL,
    cost                     BIGINT NOT NULL,
    jobs_color_counted       BIGINT NOT NULL,
    -- Jobs of which that figure is not known, and which it therefore leaves out.
    jobs_without_copies      BIGINT NOT NULL,
    jobs_without_impressions BIGINT NOT NULL,
    jobs_without_color       BIGINT NOT NULL,
    jobs_without_sides       BIGINT NOT NULL,
    jobs_without_sheets      BIGINT NOT NULL,
    jobs_without_cost        BIGINT NOT NULL,
    PRIMARY KEY (organization_no, month, user_no, printer_no, function)
) WITHOUT ROWID;

-- State 3 is denied, 4 refunded; colour mode 2 is monochrome; sides 0 are one-sided.
INSERT INTO print_months
SELECT j.organization_no, j.month, coalesce(j.user_no, 0), r.month_printer_no, j.function,
       count(*),
       sum(coalesce(j.copies, 0)),
       sum(coalesce(j.impressions, 0)),
       sum(CASE WHEN j.color_impressions < j.impressions
                THEN j.impressions - j.color_impressions ELSE 0 END),
       sum(CASE WHEN j.color_impressions < j.impressions THEN j.color_impressions
                WHEN j.color_impressions >= j.impressions THEN j.impressions ELSE 0 END),
       sum(CASE WHEN j.color_impressions IS NULL AND j.color_mode = 2
                THEN coalesce(j.impressions, 0) ELSE 0 END),
       sum(CASE WHEN j.color_impressions IS NULL AND j.color_mode < 2
                THEN coalesce(j.impressions, 0) ELSE 0 END),
       sum(CASE WHEN j.sides > 0 THEN coalesce(j.impressions, 0) ELSE 0 END),
       sum(coalesce(j.sheets, 0)),
       sum(CASE WHEN j.state = 4 THEN 0 ELSE coalesce(j.cost, 0) END),
       sum(CASE WHEN j.impressions IS NOT NULL AND j.color_impressions IS NOT NULL
                THEN 1 ELSE 0 END),
       sum(CASE WHEN j.copies IS NULL THEN 1 ELSE 0 END),
       sum(CASE WHEN j.impressions IS NULL THEN 1 ELSE 0 END),
       sum(CASE WHEN j.impressions IS NULL
                  OR (j.color_impressions IS NULL AND j.color_mode IS NULL) THEN 1 ELSE 0 END),
       sum(CASE WHEN j.impressions IS NULL OR j.sides IS NULL THEN 1 ELSE 0 END),
       sum(CASE WHEN j.sheets IS NULL THEN 1 ELSE 0 END),
       sum(CASE WHEN j.cost IS NULL AND j.state <> 4 THEN 1 ELSE 0 END)
FROM print_jobs j JOIN printers r ON r.printer_no = j.printer_no
WHERE j.state <> 3
GROUP BY j.organization_no, j.month, coalesce(j.user_no, 0), r.month_printer_no, j.function;
