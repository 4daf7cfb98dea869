-- Run by psql with the rows on standard input and `columns` set.
CREATE TABLE jobs (:columns);
\copy jobs from pstdin
CREATE UNIQUE INDEX jobs_by_time ON jobs ("CompletedAt", "TransactionId");
VACUUM ANALYZE jobs;
SELECT count(*) FROM jobs;
