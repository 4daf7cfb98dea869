-- The fleet: devices and what was read of them.

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
CREATE INDEX device_claims_by_serial
    ON device_claims (organization_id, substr(value, instr(value, '/') + 1))
    WHERE kind = 'serial';

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

CREATE TABLE device_memory (
    device_no INTEGER PRIMARY KEY REFERENCES devices (device_no),
    memory    BLOB NOT NULL
);

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
    rule         TEXT   NOT NULL, replaced_at BIGINT,
    PRIMARY KEY (device_no, position)
) WITHOUT ROWID;

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
    raw_level    BIGINT, serial TEXT, replaced BIGINT NOT NULL DEFAULT 0,
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

CREATE TABLE device_states (
    change_no INTEGER PRIMARY KEY,
    device_no BIGINT NOT NULL REFERENCES devices (device_no),
    since     BIGINT NOT NULL,
    state     TEXT   NOT NULL
);
CREATE INDEX device_states_by_device ON device_states (device_no, change_no);

CREATE TABLE findings (
    finding_no INTEGER PRIMARY KEY,
    device_no BIGINT NOT NULL REFERENCES devices (device_no),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    UNIQUE (device_no, kind, subject)
);
