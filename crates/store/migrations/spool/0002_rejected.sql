-- Every record that the server refused is kept until somebody sends it again or takes it out. They
-- count as what the spool holds, like those that wait.

ALTER TABLE spool ADD COLUMN rejected_octets BIGINT NOT NULL DEFAULT 0;

UPDATE spool SET rejected_records = (SELECT count(*) FROM rejected),
                 rejected_octets  = (SELECT coalesce(sum(length(record)), 0) FROM rejected);
