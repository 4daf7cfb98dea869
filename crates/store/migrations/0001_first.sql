-- The first schema. Times are BIGINT milliseconds UTC, identifiers 16-byte UUIDv7, lists of
-- words one a line. A row belongs to one organization: by its organization_id, or by its
-- device_no, which belongs to exactly one.

CREATE TABLE organizations (
    id            BLOB   NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL,
    time_zone     TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    -- Grows with every change that a fleet report can show.
    fleet_version BIGINT NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- People

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

-- What programs and licences open

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

CREATE TABLE audit (
    audit_no        INTEGER PRIMARY KEY,
    id              BLOB   NOT NULL UNIQUE,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    at              BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    action          TEXT   NOT NULL,
    object          TEXT   NOT NULL,
    detail          TEXT   NOT NULL
);
CREATE INDEX audit_by_organization ON audit (organization_id, audit_no);

-- The fleet

CREATE TABLE devices (
    device_no        INTEGER PRIMARY KEY,
    id               BLOB   NOT NULL,
    organization_id  BLOB   NOT NULL REFERENCES organizations (id),
    lifecycle        TEXT   NOT NULL,
    first_seen_at    BIGINT NOT NULL,
    -- What the device last stated of itself.
    manufacturer     TEXT,
    model            TEXT,
    serial           TEXT,
    mac              TEXT,
    name             TEXT,
    location         TEXT,
    contact          TEXT,
    firmware         TEXT,
    description      TEXT,
    system_object_id TEXT,
    -- What people say of it; levels outermost first.
    asset_number     TEXT,
    department       TEXT   NOT NULL DEFAULT '',
    site             TEXT   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX devices_in_order ON devices (organization_id, id);

CREATE TABLE device_claims (
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    -- serial, mac, uuid; address = who answered there last.
    kind            TEXT   NOT NULL,
    value           TEXT   NOT NULL,
    device_no       BIGINT NOT NULL REFERENCES devices (device_no),
    first_seen_at   BIGINT NOT NULL,
    last_seen_at    BIGINT NOT NULL,
    PRIMARY KEY (organization_id, kind, value)
) WITHOUT ROWID;
CREATE INDEX device_claims_by_device ON device_claims (device_no, kind);

-- One short row a device, rewritten by every poll: everything a poll compares with.
CREATE TABLE device_latest (
    device_no         INTEGER PRIMARY KEY REFERENCES devices (device_no),
    address           TEXT   NOT NULL,
    last_seen_at      BIGINT NOT NULL,
    transport         TEXT,
    profile           TEXT,
    profile_version   BIGINT,
    -- Whether it marks in colour, where known.
    color             BIGINT,
    -- Digests of the newest meters, supplies, alerts and memory, so that an unchanged answer
    -- is known without reading what was kept.
    meters_digest     BIGINT,
    supplies_digest   BIGINT,
    alerts_digest     BIGINT,
    memory_digest     BIGINT,
    meters_read_at    BIGINT,
    -- When the first unchanged meter is due to be appended to meter_values again.
    meters_due_at     BIGINT,
    supplies_read_at  BIGINT,
    state             TEXT,
    state_since       BIGINT,
    status_read_at    BIGINT,
    -- hrPrinterDetectedErrorState as 16 bits, bit 0 of the RFC most significant.
    errors            BIGINT,
    hr_device_status  BIGINT,
    hr_printer_status BIGINT,
    console           TEXT   NOT NULL DEFAULT '',
    last_static_at    BIGINT,
    last_dynamic_at   BIGINT,
    failures          BIGINT NOT NULL DEFAULT 0,
    last_failure_at   BIGINT
);

-- What the collector remembers of a device, opaque here.
CREATE TABLE device_memory (
    device_no INTEGER PRIMARY KEY REFERENCES devices (device_no),
    memory    BLOB NOT NULL
);

-- Evidence: a reading never changes.
CREATE TABLE readings (
    reading_no      INTEGER PRIMARY KEY,
    device_no       BIGINT NOT NULL REFERENCES devices (device_no),
    received_at     BIGINT NOT NULL,
    collected_at    BIGINT NOT NULL,
    -- sysUpTime in hundredths of a second.
    uptime_ticks    BIGINT,
    address         TEXT   NOT NULL,
    transport       TEXT   NOT NULL,
    profile         TEXT   NOT NULL,
    profile_version BIGINT NOT NULL,
    raw             BLOB   NOT NULL
);

-- Appended when the value changed, or a day after the last append.
CREATE TABLE meter_values (
    device_no  BIGINT NOT NULL REFERENCES devices (device_no),
    meter      TEXT   NOT NULL,
    reading_no BIGINT NOT NULL,
    read_at    BIGINT NOT NULL,
    value      BIGINT NOT NULL,
    -- Grows when the counter went backwards: differences hold only within one segment.
    segment    BIGINT NOT NULL,
    source     TEXT   NOT NULL,
    PRIMARY KEY (device_no, meter, reading_no)
) WITHOUT ROWID;

CREATE TABLE meters_latest (
    device_no   BIGINT NOT NULL REFERENCES devices (device_no),
    meter       TEXT   NOT NULL,
    value       BIGINT NOT NULL,
    segment     BIGINT NOT NULL,
    source      TEXT   NOT NULL,
    -- The newest row of meter_values.
    reading_no  BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (device_no, meter)
) WITHOUT ROWID;

CREATE TABLE supplies_latest (
    device_no    BIGINT NOT NULL REFERENCES devices (device_no),
    -- 0, 1, 2, … in the order the device lists them.
    position     BIGINT NOT NULL,
    supply_index BIGINT NOT NULL,
    class        TEXT   NOT NULL,
    type         TEXT   NOT NULL,
    colorants    TEXT   NOT NULL,
    description  TEXT   NOT NULL,
    part_number  TEXT,
    serial       TEXT,
    unit         TEXT,
    capacity     BIGINT,
    level_kind   TEXT   NOT NULL,
    level        BIGINT,
    raw_capacity BIGINT,
    raw_level    BIGINT,
    rule         TEXT   NOT NULL,
    PRIMARY KEY (device_no, position)
) WITHOUT ROWID;

-- Appended when a supply's level or capacity changed.
CREATE TABLE supply_levels (
    device_no    BIGINT NOT NULL REFERENCES devices (device_no),
    -- Type, colorants and description; devices list some supplies several times, hence occurrence.
    supply       TEXT   NOT NULL,
    occurrence   BIGINT NOT NULL,
    reading_no   BIGINT NOT NULL,
    read_at      BIGINT NOT NULL,
    level_kind   TEXT   NOT NULL,
    level        BIGINT,
    raw_capacity BIGINT,
    raw_level    BIGINT,
    PRIMARY KEY (device_no, supply, occurrence, reading_no)
) WITHOUT ROWID;

CREATE TABLE alerts (
    alert_no    INTEGER PRIMARY KEY,
    device_no   BIGINT NOT NULL REFERENCES devices (device_no),
    severity    TEXT   NOT NULL,
    alert_group BIGINT NOT NULL,
    group_index BIGINT NOT NULL,
    code        BIGINT NOT NULL,
    text        TEXT   NOT NULL,
    pseudo      BIGINT NOT NULL,
    opened_at   BIGINT NOT NULL,
    closed_at   BIGINT
);
CREATE INDEX alerts_by_device ON alerts (device_no, closed_at, alert_no);

-- Appended when the state changed.
CREATE TABLE device_states (
    change_no INTEGER PRIMARY KEY,
    device_no BIGINT NOT NULL REFERENCES devices (device_no),
    since     BIGINT NOT NULL,
    state     TEXT   NOT NULL
);
CREATE INDEX device_states_by_device ON device_states (device_no, change_no);
