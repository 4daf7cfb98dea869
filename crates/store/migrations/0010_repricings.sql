-- Pricing jobs that were taken in before their prices were set, a piece at a time: who stops in
-- between goes on.

CREATE TABLE repricings (
    organization_no BIGINT NOT NULL REFERENCES print_organizations (organization_no),
    -- Counts up from 1 within the organization.
    repricing_no    BIGINT NOT NULL,
    -- 0 jobs without a cost, 1 every job.
    jobs            BIGINT NOT NULL,
    -- The instant that somebody named; the stretch may begin later.
    asked_from      BIGINT NOT NULL,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    currency        TEXT   NOT NULL,
    begun_at        BIGINT NOT NULL,
    -- Null while it goes on.
    ended_at        BIGINT,
    -- The job behind which it goes on.
    position_at     BIGINT NOT NULL,
    position_job_no BIGINT NOT NULL,
    -- How many it was about so far, and of them.
    jobs_seen       BIGINT NOT NULL DEFAULT 0,
    jobs_changed    BIGINT NOT NULL DEFAULT 0,
    jobs_unpriced   BIGINT NOT NULL DEFAULT 0,
    -- Millionths of the currency.
    cost_before     BIGINT NOT NULL DEFAULT 0,
    cost_after      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_no, repricing_no)
) WITHOUT ROWID;
