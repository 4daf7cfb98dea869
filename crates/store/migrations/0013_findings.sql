-- What was noticed about devices that they do not say of themselves: one row for each device, kind
-- (keyword) and subject (a device's identifier or a meter's key). `detail` is for people.
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
