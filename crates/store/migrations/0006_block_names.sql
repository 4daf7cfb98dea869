-- Block files carry random names: a database that was put back from a copy cannot give one out a
-- second time. Blocks are derived from rows: those of before are made anew, and their files, which
-- were numbered (`print_organizations.next_block_no`, unused from here on), are swept.

DROP TABLE print_blocks;

-- Which stretches of time are sealed into a file of columns. Derived: rows are the truth.
CREATE TABLE print_blocks (
    organization_no BIGINT NOT NULL,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    -- 16 random octets that stand in the names of its files.
    name            BLOB   NOT NULL,
    -- CRC-32 of its columns: what a file made of them holds as well.
    checksum        BIGINT NOT NULL,
    jobs            BIGINT NOT NULL,
    PRIMARY KEY (organization_no, from_at)
) WITHOUT ROWID;
