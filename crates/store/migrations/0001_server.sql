-- The schema. Times are BIGINT milliseconds UTC, identifiers 16-byte UUIDv7, lists of words one a
-- line, money millionths of a currency, points millionths, days year x 10,000 + month x 100 + day,
-- months year x 100 + month. Numbers of enumerations are those of `platen_domain`.
--
-- Two kinds of tables. Those of the server say who may come in, and for which organization. All others
-- belong to an organization: `organization_no` leads every key of theirs, and stands in every
-- statement about them. What is numbered there counts up from 1 within the organization (`counters`).

CREATE TABLE organizations (
    organization_no  INTEGER PRIMARY KEY,
    id               BLOB   NOT NULL UNIQUE,
    name             TEXT   NOT NULL,
    time_zone        TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    -- Which domains are taken off names of people, one a line; null takes off every DOMAIN\ and no
    -- @realm.
    user_domains     TEXT,
    -- Whether only users who were made known are charged.
    known_users_only BIGINT NOT NULL DEFAULT 0
);

-- What counts within an organization, and how far work on its rows has come. A unit of work that
-- writes for an organization changes this row, so that on any engine two of them follow each other.
CREATE TABLE counters (
    organization_no      BIGINT NOT NULL PRIMARY KEY REFERENCES organizations (organization_no),
    next_device_no       BIGINT NOT NULL DEFAULT 1,
    next_reading_no      BIGINT NOT NULL DEFAULT 1,
    next_alert_no        BIGINT NOT NULL DEFAULT 1,
    next_change_no       BIGINT NOT NULL DEFAULT 1,
    next_finding_no      BIGINT NOT NULL DEFAULT 1,
    next_source_no       BIGINT NOT NULL DEFAULT 1,
    next_word_no         BIGINT NOT NULL DEFAULT 1,
    next_printer_no      BIGINT NOT NULL DEFAULT 1,
    next_job_no          BIGINT NOT NULL DEFAULT 1,
    next_gap_no          BIGINT NOT NULL DEFAULT 1,
    next_user_no         BIGINT NOT NULL DEFAULT 1,
    next_group_no        BIGINT NOT NULL DEFAULT 1,
    next_account_no      BIGINT NOT NULL DEFAULT 1,
    next_entry_no        BIGINT NOT NULL DEFAULT 1,
    next_audit_no        BIGINT NOT NULL DEFAULT 1,
    -- Grow with every change that a report of the fleet, or of print jobs, can show.
    fleet_version        BIGINT NOT NULL DEFAULT 0,
    print_version        BIGINT NOT NULL DEFAULT 0,
    -- Counts what changes how jobs read without a revision of them: a block made before is void.
    rewrites             BIGINT NOT NULL DEFAULT 0,
    -- No job that ended before this has a title any more.
    titled_from          BIGINT NOT NULL DEFAULT 0,
    -- Whether names are to be read anew, by a rule that changed.
    names_pending        BIGINT NOT NULL DEFAULT 0,
    -- Jobs that ended from here on may carry words that were merged; null where none do.
    people_from          BIGINT,
    point_rules_revision BIGINT NOT NULL DEFAULT 0,
    -- How many there are, counted in the transactions that add and remove them.
    accounts             BIGINT NOT NULL DEFAULT 0,
    print_users          BIGINT NOT NULL DEFAULT 0,
    print_groups         BIGINT NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE users (
    id              BLOB   NOT NULL PRIMARY KEY,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    name            TEXT   NOT NULL,
    -- The name in lower case: unique on the server.
    name_folded     TEXT   NOT NULL UNIQUE,
    role            TEXT   NOT NULL,
    -- Argon2id in PHC form; null until the person set a password.
    password_hash   TEXT,
    created_at      BIGINT NOT NULL,
    deactivated_at  BIGINT
) WITHOUT ROWID;
CREATE INDEX users_by_organization ON users (organization_id);

CREATE TABLE sessions (
    -- SHA-256 of the session's secret.
    hash         BLOB   NOT NULL PRIMARY KEY,
    user_id      BLOB   NOT NULL REFERENCES users (id),
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE links (
    -- SHA-256 of the link's secret.
    hash            BLOB   NOT NULL PRIMARY KEY,
    purpose         TEXT   NOT NULL,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    user_id         BLOB            REFERENCES users (id),
    expires_at      BIGINT NOT NULL,
    redeemed_at     BIGINT
) WITHOUT ROWID;

CREATE TABLE api_keys (
    id              BLOB   NOT NULL PRIMARY KEY,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    api             TEXT   NOT NULL,
    -- SHA-256 of the key.
    hash            BLOB   NOT NULL UNIQUE,
    prefix          TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by      TEXT   NOT NULL,
    last_used_at    BIGINT,
    revoked_at      BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_one_live ON api_keys (organization_id, api) WHERE revoked_at IS NULL;

CREATE TABLE licences (
    licence_no      INTEGER PRIMARY KEY,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    -- The signed document as installed. The newest counts; older ones stay as history.
    document        TEXT   NOT NULL,
    installed_at    BIGINT NOT NULL
);
CREATE INDEX licences_by_organization ON licences (organization_id, licence_no);

CREATE TABLE issuers (
    -- Ed25519.
    public_key BLOB   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    trusted_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Programs that push.
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

-- Client Applications of the Accounts API, and the access tokens issued to them.
CREATE TABLE client_applications (
    -- The Client ID.
    id              BLOB   NOT NULL PRIMARY KEY,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    -- SHA-256 of the Client Secret.
    hash            BLOB   NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by      TEXT   NOT NULL,
    last_used_at    BIGINT,
    revoked_at      BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX client_applications_one_live ON client_applications (organization_id)
    WHERE revoked_at IS NULL;

CREATE TABLE access_tokens (
    -- SHA-256 of the token.
    hash       BLOB   NOT NULL PRIMARY KEY,
    client_id  BLOB   NOT NULL REFERENCES client_applications (id),
    -- Words of RFC 6749 3.3 with a space between them.
    scopes     TEXT   NOT NULL,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);

CREATE TABLE audit (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    audit_no        BIGINT NOT NULL,
    id              BLOB   NOT NULL,
    at              BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    action          TEXT   NOT NULL,
    object          TEXT   NOT NULL,
    detail          TEXT   NOT NULL,
    PRIMARY KEY (organization_no, audit_no),
    UNIQUE (organization_no, id)
) WITHOUT ROWID;

CREATE TABLE batches (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    collector_id    BLOB   NOT NULL,
    epoch           BIGINT NOT NULL,
    sequence        BIGINT NOT NULL,
    -- SHA-256 of the records as sent, before any content coding.
    content         BLOB   NOT NULL,
    received_at     BIGINT NOT NULL,
    PRIMARY KEY (organization_no, collector_id, epoch, sequence)
) WITHOUT ROWID;
CREATE INDEX batches_by_age ON batches (organization_no, received_at);

CREATE TABLE idempotency_records (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    -- Who asked: keys of two programs never meet.
    actor           TEXT   NOT NULL,
    idempotency_key TEXT   NOT NULL,
    -- SHA-256 of method, path and body.
    request         BLOB   NOT NULL,
    -- What was made or changed, as it was then.
    id              TEXT,
    revision        BIGINT,
    document        BLOB   NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_no, actor, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX idempotency_records_by_age ON idempotency_records (organization_no, created_at);
