-- Domains that are taken off users' names before a pseudonym is made of them, one a line; null takes
-- off every DOMAIN\ and no @realm.
ALTER TABLE spool ADD COLUMN user_domains TEXT;
