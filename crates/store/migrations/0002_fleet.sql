-- The fleet: devices and what was read of them.

CREATE TABLE devices (
    organization_no  BIGINT NOT NULL REFERENCES organizations (organization_no),
    device_no        BIGINT NOT NULL,
    id               BLOB   NOT NULL,
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
    site             TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (organization_no, device_no),
    UNIQUE (organization_no, id)
) WITHOUT ROWID;
-- Pages and the number of devices.
CREATE INDEX devices_by_lifecycle ON devices (organization_no, lifecycle, id);

CREATE TABLE device_claims (
    organization_no BIGINT NOT NULL,
    -- serial, mac, uuid; address = who answered there last.
    kind            TEXT   NOT NULL,
    value           TEXT   NOT NULL,
    device_no       BIGINT NOT NULL,
    first_seen_at   BIGINT NOT NULL,
    last_seen_at    BIGINT NOT NULL,
    PRIMARY KEY (organization_no, kind, value),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;
CREATE INDEX device_claims_by_device ON device_claims (organization_no, device_no, kind);
-- Print systems state serial numbers without the maker that a claim has before the slash.
CREATE INDEX device_claims_by_serial
    ON device_claims (organization_no, substr(value, instr(value, '/') + 1))
    WHERE kind = 'serial';

-- One short row a device, rewritten by every poll: everything a poll compares with.
CREATE TABLE device_latest (
    organization_no   BIGINT NOT NULL,
    device_no         BIGINT NOT NULL,
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
    last_failure_at   BIGINT,
    PRIMARY KEY (organization_no, device_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;
-- Who was read longest ago is due first.
CREATE INDEX device_latest_by_age ON device_latest (organization_no, last_seen_at);

-- What the collector remembers of a device, opaque here. (Rows are long, hence with a rowid.)
CREATE TABLE device_memory (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    memory          BLOB   NOT NULL,
    PRIMARY KEY (organization_no, device_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
);

-- Evidence: a reading never changes. (Rows are long, hence with a rowid.)
CREATE TABLE readings (
    organization_no BIGINT NOT NULL,
    reading_no      BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    received_at     BIGINT NOT NULL,
    collected_at    BIGINT NOT NULL,
    -- sysUpTime in hundredths of a second.
    uptime_ticks    BIGINT,
    address         TEXT   NOT NULL,
    transport       TEXT   NOT NULL,
    profile         TEXT   NOT NULL,
    profile_version BIGINT NOT NULL,
    raw             BLOB   NOT NULL,
    PRIMARY KEY (organization_no, reading_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
);

-- Appended when the value changed, or a day after the last append.
CREATE TABLE meter_values (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    meter           TEXT   NOT NULL,
    reading_no      BIGINT NOT NULL,
    read_at         BIGINT NOT NULL,
    value           BIGINT NOT NULL,
    -- Grows when the counter went backwards: differences hold only within one segment.
    segment         BIGINT NOT NULL,
    source          TEXT   NOT NULL,
    PRIMARY KEY (organization_no, device_no, meter, reading_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;

CREATE TABLE meters_latest (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    meter           TEXT   NOT NULL,
    value           BIGINT NOT NULL,
    segment         BIGINT NOT NULL,
    source          TEXT   NOT NULL,
    -- The newest row of meter_values.
    reading_no      BIGINT NOT NULL,
    recorded_at     BIGINT NOT NULL,
    PRIMARY KEY (organization_no, device_no, meter),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;

CREATE TABLE supplies_latest (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    -- 0, 1, 2, … in the order the device lists them.
    position        BIGINT NOT NULL,
    supply_index    BIGINT NOT NULL,
    class           TEXT   NOT NULL,
    type            TEXT   NOT NULL,
    colorants       TEXT   NOT NULL,
    description     TEXT   NOT NULL,
    part_number     TEXT,
    serial          TEXT,
    unit            TEXT,
    capacity        BIGINT,
    level_kind      TEXT   NOT NULL,
    level           BIGINT,
    raw_capacity    BIGINT,
    raw_level       BIGINT,
    rule            TEXT   NOT NULL,
    -- When the device first stated another serial number in this place; null when it never did.
    replaced_at     BIGINT,
    PRIMARY KEY (organization_no, device_no, position),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;

-- Appended when a supply's level or capacity changed.
CREATE TABLE supply_levels (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    -- Type, colorants and description; devices list some supplies several times, hence occurrence.
    supply          TEXT   NOT NULL,
    occurrence      BIGINT NOT NULL,
    reading_no      BIGINT NOT NULL,
    read_at         BIGINT NOT NULL,
    level_kind      TEXT   NOT NULL,
    level           BIGINT,
    raw_capacity    BIGINT,
    raw_level       BIGINT,
    serial          TEXT,
    -- 1 where another serial number stood here before: another cartridge.
    replaced        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_no, device_no, supply, occurrence, reading_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;

CREATE TABLE alerts (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    alert_no        BIGINT NOT NULL,
    severity        TEXT   NOT NULL,
    alert_group     BIGINT NOT NULL,
    group_index     BIGINT NOT NULL,
    code            BIGINT NOT NULL,
    text            TEXT   NOT NULL,
    pseudo          BIGINT NOT NULL,
    opened_at       BIGINT NOT NULL,
    -- 0 while it is open: those stand together, whatever a device has behind it.
    closed_at       BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_no, device_no, closed_at, alert_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;

-- Appended when the state changed.
CREATE TABLE device_states (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    change_no       BIGINT NOT NULL,
    since           BIGINT NOT NULL,
    state           TEXT   NOT NULL,
    PRIMARY KEY (organization_no, device_no, change_no),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;

-- What was noticed about devices that they do not say of themselves: one row for each device, kind
-- (keyword) and subject (a device's identifier or a meter's key). `detail` is for people.
CREATE TABLE findings (
    organization_no BIGINT NOT NULL,
    device_no       BIGINT NOT NULL,
    finding_no      BIGINT NOT NULL,
    kind            TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    detail          TEXT   NOT NULL,
    first_at        BIGINT NOT NULL,
    last_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_no, device_no, finding_no),
    UNIQUE (organization_no, device_no, kind, subject),
    FOREIGN KEY (organization_no, device_no) REFERENCES devices (organization_no, device_no)
) WITHOUT ROWID;
