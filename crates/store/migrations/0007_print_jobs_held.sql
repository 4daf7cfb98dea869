-- Records that end further ahead of this server's clock than can be: one of the two clocks is
-- wrong, and which is not known. They wait here, and are taken in once the clock has come so far.
CREATE TABLE print_jobs_held (
    organization_no BIGINT NOT NULL REFERENCES print_organizations (organization_no),
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
