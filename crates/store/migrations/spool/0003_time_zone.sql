-- The zone of the server's organization, an IANA name; null before a server has told it.
ALTER TABLE spool ADD COLUMN time_zone TEXT;
