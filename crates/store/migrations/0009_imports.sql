-- Imports, and what it takes to take one back. A job carries no mark: jobs are numbered in the order in
-- which they come, so that an import knows its own by a few ranges of numbers.

CREATE TABLE imports (
    organization_no BIGINT NOT NULL REFERENCES print_organizations (organization_no),
    -- Counts up from 1 within the organization.
    import_no       BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    begun_at        BIGINT NOT NULL,
    -- 0 begun, 1 ended, 2 being taken back, 3 taken back.
    state           BIGINT NOT NULL,
    state_since     BIGINT NOT NULL,
    -- The key behind which taking it back goes on.
    undo_source_no  BIGINT NOT NULL DEFAULT 0,
    undo_job_id     BLOB   NOT NULL DEFAULT '',
    jobs_removed    BIGINT NOT NULL DEFAULT 0,
    jobs_reverted   BIGINT NOT NULL DEFAULT 0,
    jobs_kept       BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_no, import_no)
) WITHOUT ROWID;

CREATE TABLE import_files (
    organization_no BIGINT NOT NULL,
    import_no       BIGINT NOT NULL,
    -- 0, 1, 2, … in the order in which they were read.
    position        BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    accepted        BIGINT NOT NULL,
    revised         BIGINT NOT NULL,
    duplicate       BIGINT NOT NULL,
    refused         BIGINT NOT NULL,
    whole           BIGINT NOT NULL,
    PRIMARY KEY (organization_no, import_no, position)
) WITHOUT ROWID;

-- The numbers of the jobs that an import brought, from the first until before the last; gone when it
-- is taken back.
CREATE TABLE import_ranges (
    organization_no BIGINT NOT NULL,
    from_job_no     BIGINT NOT NULL,
    until_job_no    BIGINT NOT NULL,
    import_no       BIGINT NOT NULL,
    PRIMARY KEY (organization_no, from_job_no)
) WITHOUT ROWID;

-- Jobs that an import brought or revised, and of which another source has said something since.
CREATE TABLE import_shared (
    organization_no BIGINT NOT NULL,
    job_no          BIGINT NOT NULL,
    PRIMARY KEY (organization_no, job_no)
) WITHOUT ROWID;

-- What a known job was before an import revised it, and its charge; gone when it is taken back.
CREATE TABLE import_revisions (
    organization_no   BIGINT NOT NULL,
    import_no         BIGINT NOT NULL,
    job_no            BIGINT NOT NULL,
    completed_at      BIGINT NOT NULL,
    source_no         BIGINT NOT NULL,
    id                BLOB   NOT NULL,
    -- The revision that the import made of it: nobody has revised it since while it is this one.
    made_revision     BIGINT NOT NULL,
    -- As in print_job_keys and print_jobs.
    content           BIGINT NOT NULL,
    revision          BIGINT NOT NULL,
    printer_no        BIGINT NOT NULL,
    user_no           BIGINT,
    account_no        BIGINT,
    client_no         BIGINT,
    application_no    BIGINT,
    media_no          BIGINT,
    document          TEXT,
    submitted_at      BIGINT,
    state             BIGINT NOT NULL,
    color_mode        BIGINT,
    sides             BIGINT,
    pages             BIGINT,
    copies            BIGINT,
    impressions       BIGINT,
    color_impressions BIGINT,
    sheets            BIGINT,
    sheets_quality    BIGINT NOT NULL,
    evidence          BIGINT NOT NULL,
    flags             BIGINT NOT NULL,
    bytes             BIGINT,
    -- Null is priced anew.
    cost              BIGINT,
    price_version     BIGINT,
    -- As in charges; null where the job had none.
    charge_id         BLOB,
    account_named     TEXT,
    charge_account_no BIGINT,
    charge_user_no    BIGINT,
    claimed           BIGINT,
    refunded          BIGINT,
    charge_state      BIGINT,
    problems          BIGINT,
    PRIMARY KEY (organization_no, import_no, job_no)
) WITHOUT ROWID;
CREATE INDEX import_revisions_by_job ON import_revisions (organization_no, job_no);

-- Whether a charge was made of a hold.
CREATE INDEX holds_by_charge ON holds (charge_id) WHERE charge_id IS NOT NULL;
