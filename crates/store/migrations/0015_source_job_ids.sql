-- A job says its id at its source, and the account that is charged for it: charges join jobs by key.

-- As in print_job_keys; null where it is not shown.
ALTER TABLE print_jobs ADD COLUMN source_job_id BLOB;
-- The account of the job's charge while that is charged: kept in the transaction that moves the charge.
ALTER TABLE print_jobs ADD COLUMN charged_account_no BIGINT;

-- An id that is a digest of the job's line tells by trial what the line said. It is not shown where an
-- organization does not keep everything of people, nor of jobs whose user is a pseudonym or erased.
UPDATE print_jobs SET source_job_id = k.id
FROM print_job_keys k
JOIN print_sources s ON s.source_no = k.source_no
WHERE print_jobs.organization_no = s.organization_no
  AND print_jobs.completed_at = k.completed_at
  AND print_jobs.job_no = k.job_no
  AND NOT (
      typeof(k.id) = 'text'
      AND k.id GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]|[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]|[0-9]*'
      AND (EXISTS (SELECT 1 FROM privacy p
                   JOIN print_organizations o ON o.organization_id = p.organization_id
                   WHERE o.organization_no = s.organization_no
                     AND (p.user_mode <> 'collect' OR p.document_mode <> 'collect'
                          OR p.client_mode <> 'collect' OR p.document_days IS NOT NULL))
           OR EXISTS (SELECT 1 FROM words w
                      WHERE w.word_no = print_jobs.user_no
                        AND w.text GLOB 'u-[0-9a-f]*' AND length(w.text) = 22)));

-- State 0 is charged.
UPDATE print_jobs SET charged_account_no = c.account_no
FROM charges c
JOIN print_job_keys k ON k.source_no = c.source_no AND k.id = c.job_id
WHERE c.state = 0
  AND print_jobs.organization_no = c.organization_no
  AND print_jobs.completed_at = k.completed_at
  AND print_jobs.job_no = k.job_no;

-- Blocks are derived from rows: those of before do not say either, and are made anew.
DELETE FROM print_blocks;
DELETE FROM print_block_changes;
