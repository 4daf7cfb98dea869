-- A job that comes, changes or goes after its stretch was sealed stands beside the block, which
-- stays until it is worth making anew.

ALTER TABLE print_blocks ADD COLUMN changes BIGINT NOT NULL DEFAULT 0;

-- 1 where the block's files hold what must not be kept: it is made anew soon.
ALTER TABLE print_blocks ADD COLUMN outdated BIGINT NOT NULL DEFAULT 0;

-- Which jobs of sealed stretches are read as rows, whatever their blocks say.
CREATE TABLE print_block_changes (
    organization_no BIGINT NOT NULL,
    completed_at    BIGINT NOT NULL,
    job_no          BIGINT NOT NULL,
    PRIMARY KEY (organization_no, completed_at, job_no)
) WITHOUT ROWID;
