-- Printing: jobs, their months and blocks, prices, privacy and imports.

CREATE TABLE print_sources (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    source_no       BIGINT NOT NULL,
    source          TEXT   NOT NULL,
    -- How far a collector within the server has read it, opaque here.
    cursor          TEXT,
    PRIMARY KEY (organization_no, source_no),
    UNIQUE (organization_no, source)
) WITHOUT ROWID;

CREATE TABLE words (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    word_no         BIGINT NOT NULL,
    kind            BIGINT NOT NULL,
    text            TEXT   NOT NULL,
    -- Of users; null of other kinds.
    identity        TEXT,
    -- The user's word that this one is a spelling or former name of; never such a one itself.
    merged_into     BIGINT,
    -- The domain that was taken off this spelling, for jobs that still carry it.
    domain_no       BIGINT,
    PRIMARY KEY (organization_no, word_no),
    UNIQUE (organization_no, kind, text)
) WITHOUT ROWID;
CREATE UNIQUE INDEX words_by_identity ON words (organization_no, identity)
    WHERE identity IS NOT NULL;
CREATE INDEX words_merged ON words (organization_no, merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE printers (
    organization_no  BIGINT NOT NULL,
    printer_no       BIGINT NOT NULL,
    source_no        BIGINT NOT NULL,
    queue            TEXT   NOT NULL,
    address          TEXT   NOT NULL,
    serial           TEXT   NOT NULL,
    uuid             TEXT   NOT NULL,
    device_no        BIGINT,
    -- Under which printer monthly figures stand: the first one with the same device, or itself.
    month_printer_no BIGINT NOT NULL,
    PRIMARY KEY (organization_no, printer_no),
    UNIQUE (organization_no, source_no, queue, address, serial, uuid),
    FOREIGN KEY (organization_no, source_no) REFERENCES print_sources (organization_no, source_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;
CREATE INDEX printers_by_device ON printers (organization_no, device_no);

CREATE TABLE print_jobs (
    organization_no    BIGINT NOT NULL,
    completed_at       BIGINT NOT NULL,
    job_no             BIGINT NOT NULL,
    -- In the organization's time zone.
    month              BIGINT NOT NULL,
    printer_no         BIGINT NOT NULL,
    user_no            BIGINT,
    -- The domain that was taken off the user's name.
    user_domain_no     BIGINT,
    account_no         BIGINT,
    client_no          BIGINT,
    application_no     BIGINT,
    media_no           BIGINT,
    document           TEXT,
    submitted_at       BIGINT,
    received_at        BIGINT NOT NULL,
    function           BIGINT NOT NULL,
    state              BIGINT NOT NULL,
    time_quality       BIGINT NOT NULL,
    color_mode         BIGINT,
    sides              BIGINT,
    pages              BIGINT,
    copies             BIGINT,
    impressions        BIGINT,
    color_impressions  BIGINT,
    sheets             BIGINT,
    sheets_quality     BIGINT NOT NULL,
    evidence           BIGINT NOT NULL,
    flags              BIGINT NOT NULL,
    bytes              BIGINT,
    -- Millionths of the currency of the price list's version.
    cost               BIGINT,
    price_version      BIGINT,
    revision           BIGINT NOT NULL,
    -- The id of the job's key, as in print_job_keys; null where it is not shown.
    source_job_id      BLOB,
    -- The account of the job's charge while that is charged: kept in the transaction that moves the
    -- charge.
    charged_account_no BIGINT,
    PRIMARY KEY (organization_no, completed_at, job_no)
) WITHOUT ROWID;

CREATE TABLE print_job_keys (
    organization_no BIGINT NOT NULL,
    source_no       BIGINT NOT NULL,
    -- The octet 255 and the 16 of a UUID, or the source's text in UTF-8 (in which 255 never stands).
    job_id          BLOB   NOT NULL,
    job_no          BIGINT NOT NULL,
    completed_at    BIGINT NOT NULL,
    -- Digest of the record that was taken in last.
    content         BIGINT NOT NULL,
    PRIMARY KEY (organization_no, source_no, job_id)
) WITHOUT ROWID;

CREATE TABLE print_revisions (
    organization_no   BIGINT NOT NULL,
    job_no            BIGINT NOT NULL,
    revision          BIGINT NOT NULL,
    revised_at        BIGINT NOT NULL,
    state             BIGINT NOT NULL,
    pages             BIGINT,
    copies            BIGINT,
    impressions       BIGINT,
    color_impressions BIGINT,
    sheets            BIGINT,
    evidence          BIGINT NOT NULL,
    cost              BIGINT,
    price_version     BIGINT,
    PRIMARY KEY (organization_no, job_no, revision)
) WITHOUT ROWID;

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

CREATE TABLE print_blocks (
    organization_no BIGINT NOT NULL,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    -- 16 random octets that stand in the names of its files: a database that was put back from a copy
    -- cannot give one out a second time.
    name            BLOB   NOT NULL,
    -- CRC-32 of its columns: what a file made of them holds as well.
    checksum        BIGINT NOT NULL,
    jobs            BIGINT NOT NULL,
    changes         BIGINT NOT NULL DEFAULT 0,
    -- 1 where the block's files hold what must not be kept: it is made anew soon.
    outdated        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_no, from_at)
) WITHOUT ROWID;

CREATE TABLE print_block_changes (
    organization_no BIGINT NOT NULL,
    completed_at    BIGINT NOT NULL,
    job_no          BIGINT NOT NULL,
    PRIMARY KEY (organization_no, completed_at, job_no)
) WITHOUT ROWID;

CREATE TABLE print_gaps (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    gap_no          BIGINT NOT NULL,
    source          TEXT   NOT NULL,
    noticed_at      BIGINT NOT NULL,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    -- How many, where they can be counted.
    jobs            BIGINT,
    reason          TEXT   NOT NULL,
    PRIMARY KEY (organization_no, gap_no),
    UNIQUE (organization_no, source, reason, from_at, until_at)
) WITHOUT ROWID;

CREATE TABLE print_jobs_held (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    completed_at    BIGINT NOT NULL,
    source          TEXT   NOT NULL,
    id              TEXT   NOT NULL,
    -- Who printed, as in the record: whoever is erased is erased here.
    user_name       TEXT,
    -- As the Ingest API takes it, after the organization's privacy.
    record          BLOB   NOT NULL,
    held_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_no, completed_at, source, id)
) WITHOUT ROWID;

-- Prices and privacy

CREATE TABLE price_lists (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    version         BIGINT NOT NULL,
    valid_from      BIGINT NOT NULL,
    currency        TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by      TEXT   NOT NULL,
    PRIMARY KEY (organization_no, version)
) WITHOUT ROWID;

CREATE TABLE tariffs (
    organization_no BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    -- `default`, `model:mx711` or `device:` and its identifier.
    applies_to      TEXT   NOT NULL,
    -- A media name, '' for any other.
    media           TEXT   NOT NULL,
    -- Millionths of the currency; null is no price.
    mono_side       BIGINT,
    color_side      BIGINT,
    sheet           BIGINT,
    PRIMARY KEY (organization_no, version, applies_to, media),
    FOREIGN KEY (organization_no, version) REFERENCES price_lists (organization_no, version)
) WITHOUT ROWID;

CREATE TABLE repricings (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
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

CREATE TABLE privacy (
    organization_no BIGINT NOT NULL PRIMARY KEY REFERENCES organizations (organization_no),
    user_mode       TEXT   NOT NULL,
    document_mode   TEXT   NOT NULL,
    client_mode     TEXT   NOT NULL,
    document_days   BIGINT,
    -- 32 random octets: pseudonyms are HMAC-SHA-256 under it.
    pseudonym_key   BLOB   NOT NULL
) WITHOUT ROWID;

-- Imports, and what it takes to take one back. A job carries no mark: jobs are numbered in the order in
-- which they come, so that an import knows its own by a few ranges of numbers.

CREATE TABLE imports (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    -- Counts up from 1 within the organization.
    import_no       BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    begun_at        BIGINT NOT NULL,
    -- 0 begun, 1 ended, 2 being taken back, 3 taken back.
    state           BIGINT NOT NULL,
    state_since     BIGINT NOT NULL,
    -- The key behind which taking it back goes on.
    undo_source_no  BIGINT NOT NULL DEFAULT 0,
    undo_job_id     BLOB   NOT NULL DEFAULT x'',
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

CREATE TABLE import_ranges (
    organization_no BIGINT NOT NULL,
    from_job_no     BIGINT NOT NULL,
    until_job_no    BIGINT NOT NULL,
    import_no       BIGINT NOT NULL,
    PRIMARY KEY (organization_no, from_job_no)
) WITHOUT ROWID;

CREATE TABLE import_shared (
    organization_no BIGINT NOT NULL,
    job_no          BIGINT NOT NULL,
    PRIMARY KEY (organization_no, job_no)
) WITHOUT ROWID;

CREATE TABLE import_revisions (
    organization_no   BIGINT NOT NULL,
    import_no         BIGINT NOT NULL,
    job_no            BIGINT NOT NULL,
    completed_at      BIGINT NOT NULL,
    source_no         BIGINT NOT NULL,
    job_id            BLOB   NOT NULL,
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
