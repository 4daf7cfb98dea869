-- Print transactions. The hot rows carry short numbers: of their organization, of words, of
-- printers. Numbers of enumerations are those of `platen_domain` (keywords.rs).

CREATE TABLE print_organizations (
    organization_no INTEGER PRIMARY KEY,
    organization_id BLOB   NOT NULL UNIQUE REFERENCES organizations (id),
    next_job_no     BIGINT NOT NULL DEFAULT 1,
    -- Names of block files are never used twice.
    next_block_no   BIGINT NOT NULL DEFAULT 1,
    -- Grows with every change that a print report can show.
    print_version   BIGINT NOT NULL DEFAULT 0,
    -- No job that ended before this has a title any more.
    titled_from     BIGINT NOT NULL DEFAULT 0,
    -- Counts what changes how jobs read without a revision of them: a block made before is void.
    rewrites        BIGINT NOT NULL DEFAULT 0
);

-- Who numbered jobs: `cups|3f0c9a52`.
CREATE TABLE print_sources (
    source_no       INTEGER PRIMARY KEY,
    organization_no BIGINT NOT NULL REFERENCES print_organizations (organization_no),
    source          TEXT   NOT NULL,
    -- How far a collector within the server has read it, opaque here.
    cursor          TEXT,
    UNIQUE (organization_no, source)
);

-- Users, accounts, clients, applications, media: each spelling once.
CREATE TABLE words (
    word_no         INTEGER PRIMARY KEY,
    organization_no BIGINT NOT NULL REFERENCES print_organizations (organization_no),
    kind            BIGINT NOT NULL,
    text            TEXT   NOT NULL,
    UNIQUE (organization_no, kind, text)
);

-- Queues as sources name them, and the device behind where one is known. '' is not stated.
CREATE TABLE printers (
    printer_no       INTEGER PRIMARY KEY,
    source_no        BIGINT NOT NULL REFERENCES print_sources (source_no),
    queue            TEXT   NOT NULL,
    address          TEXT   NOT NULL,
    serial           TEXT   NOT NULL,
    uuid             TEXT   NOT NULL,
    device_no        BIGINT          REFERENCES devices (device_no),
    -- Under which printer monthly figures stand: the first one with the same device, or itself.
    month_printer_no BIGINT NOT NULL,
    UNIQUE (source_no, queue, address, serial, uuid)
);
CREATE INDEX printers_by_device ON printers (device_no);

-- Print systems state serial numbers without the maker that a claim has before the slash.
CREATE INDEX device_claims_by_serial
    ON device_claims (organization_id, substr(value, instr(value, '/') + 1))
    WHERE kind = 'serial';

CREATE TABLE print_jobs (
    organization_no   BIGINT NOT NULL,
    completed_at      BIGINT NOT NULL,
    -- Counts up from 1 within the organization.
    job_no            BIGINT NOT NULL,
    -- Year x 100 + month in the organization's time zone.
    month             BIGINT NOT NULL,
    printer_no        BIGINT NOT NULL,
    user_no           BIGINT,
    account_no        BIGINT,
    client_no         BIGINT,
    application_no    BIGINT,
    media_no          BIGINT,
    document          TEXT,
    submitted_at      BIGINT,
    received_at       BIGINT NOT NULL,
    function          BIGINT NOT NULL,
    state             BIGINT NOT NULL,
    time_quality      BIGINT NOT NULL,
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
    -- Millionths of the currency of the price list's version.
    cost              BIGINT,
    price_version     BIGINT,
    revision          BIGINT NOT NULL,
    PRIMARY KEY (organization_no, completed_at, job_no)
) WITHOUT ROWID;

-- One row for each key a source ever gave: what makes every retry harmless.
CREATE TABLE print_job_keys (
    source_no    BIGINT NOT NULL,
    -- 16 octets of a UUID, or the source's text.
    id           BLOB   NOT NULL,
    job_no       BIGINT NOT NULL,
    completed_at BIGINT NOT NULL,
    -- Digest of the record that was taken in last.
    content      BIGINT NOT NULL,
    PRIMARY KEY (source_no, id)
) WITHOUT ROWID;

-- What a job was before each revision.
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

-- Kept in the same transaction as the jobs: always what a sum over them would give.
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
    mono_impressions         BIGINT NOT NULL,
    color_impressions        BIGINT NOT NULL,
    -- Of the colour impressions, those that somebody counted rather than asked for.
    counted_color            BIGINT NOT NULL,
    duplex_impressions       BIGINT NOT NULL,
    sheets                   BIGINT NOT NULL,
    cost                     BIGINT NOT NULL,
    -- Jobs of which that figure is not known, and which it therefore leaves out.
    jobs_without_impressions BIGINT NOT NULL,
    jobs_without_sheets      BIGINT NOT NULL,
    jobs_without_cost        BIGINT NOT NULL,
    PRIMARY KEY (organization_no, month, user_no, printer_no, function)
) WITHOUT ROWID;

-- Which stretches of time are sealed into a file of columns. Derived: rows are the truth.
CREATE TABLE print_blocks (
    organization_no BIGINT NOT NULL,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    block_no        BIGINT NOT NULL,
    jobs            BIGINT NOT NULL,
    PRIMARY KEY (organization_no, from_at)
) WITHOUT ROWID;

-- What a source is known to have lost before it could be read.
CREATE TABLE print_gaps (
    gap_no          INTEGER PRIMARY KEY,
    organization_no BIGINT NOT NULL REFERENCES print_organizations (organization_no),
    source          TEXT   NOT NULL,
    noticed_at      BIGINT NOT NULL,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    -- How many, where they can be counted.
    jobs            BIGINT,
    reason          TEXT   NOT NULL,
    UNIQUE (organization_no, source, reason, from_at, until_at)
);

-- Programs that push

CREATE TABLE collectors (
    id              BLOB   NOT NULL PRIMARY KEY,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    name            TEXT   NOT NULL,
    -- SHA-256 of the credential.
    hash            BLOB   NOT NULL UNIQUE,
    enrolled_at     BIGINT NOT NULL,
    last_seen_at    BIGINT,
    revoked_at      BIGINT
) WITHOUT ROWID;
CREATE INDEX collectors_by_organization ON collectors (organization_id, id);

CREATE TABLE batches (
    collector_id BLOB   NOT NULL REFERENCES collectors (id),
    epoch        BIGINT NOT NULL,
    sequence     BIGINT NOT NULL,
    -- SHA-256 of the records as sent, before any content coding.
    content      BLOB   NOT NULL,
    received_at  BIGINT NOT NULL,
    PRIMARY KEY (collector_id, epoch, sequence)
) WITHOUT ROWID;
CREATE INDEX batches_by_age ON batches (received_at);

-- Prices and privacy

CREATE TABLE price_lists (
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    version         BIGINT NOT NULL,
    valid_from      BIGINT NOT NULL,
    currency        TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by      TEXT   NOT NULL,
    PRIMARY KEY (organization_id, version)
) WITHOUT ROWID;

CREATE TABLE tariffs (
    organization_id BLOB   NOT NULL,
    version         BIGINT NOT NULL,
    -- `default`, `model:mx711` or `device:` and its identifier.
    applies_to      TEXT   NOT NULL,
    -- A media name, '' for any other.
    media           TEXT   NOT NULL,
    -- Millionths of the currency; null is no price.
    mono_side       BIGINT,
    color_side      BIGINT,
    sheet           BIGINT,
    PRIMARY KEY (organization_id, version, applies_to, media)
) WITHOUT ROWID;

CREATE TABLE privacy (
    organization_id BLOB   NOT NULL PRIMARY KEY REFERENCES organizations (id),
    user_mode       TEXT   NOT NULL,
    document_mode   TEXT   NOT NULL,
    client_mode     TEXT   NOT NULL,
    document_days   BIGINT,
    -- 32 random octets: pseudonyms are HMAC-SHA-256 under it.
    pseudonym_key   BLOB   NOT NULL
) WITHOUT ROWID;
