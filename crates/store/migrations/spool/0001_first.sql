-- What a collector keeps until a server has it. One row of `spool`, its number 1.

CREATE TABLE spool (
    spool_no             BIGINT NOT NULL PRIMARY KEY,
    -- Which life of this spool; 63 random bits.
    epoch                BIGINT NOT NULL,
    -- Of the next batch that is formed; never used twice within an epoch.
    next_sequence        BIGINT NOT NULL,
    -- Kept in the transactions that change them.
    queued_records       BIGINT NOT NULL DEFAULT 0,
    queued_octets        BIGINT NOT NULL DEFAULT 0,
    acknowledged_records BIGINT NOT NULL DEFAULT 0,
    rejected_records     BIGINT NOT NULL DEFAULT 0,
    last_acknowledged_at BIGINT,
    -- The policy of the server's organization; null before the first answer.
    user_mode            TEXT,
    document_mode        TEXT,
    client_mode          TEXT,
    pseudonym_key        BLOB
);

-- Records as they are sent, in the order in which they were read.
CREATE TABLE queue (
    record_no INTEGER PRIMARY KEY AUTOINCREMENT,
    record    BLOB   NOT NULL,
    queued_at BIGINT NOT NULL
);

-- The batch that is on its way: at most one row.
CREATE TABLE formed_batch (
    sequence  BIGINT NOT NULL PRIMARY KEY,
    first_no  BIGINT NOT NULL,
    last_no   BIGINT NOT NULL
);

-- How far each source was read.
CREATE TABLE source_cursors (
    source  TEXT   NOT NULL PRIMARY KEY,
    cursor  TEXT   NOT NULL,
    read_at BIGINT NOT NULL
) WITHOUT ROWID;

-- What the server refused, for people to look at.
CREATE TABLE rejected (
    rejected_no INTEGER PRIMARY KEY AUTOINCREMENT,
    record      BLOB   NOT NULL,
    reason      TEXT   NOT NULL,
    rejected_at BIGINT NOT NULL
);

CREATE TABLE gaps (
    source   TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    from_at  BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    jobs     BIGINT,
    PRIMARY KEY (source, reason, from_at, until_at)
) WITHOUT ROWID;
