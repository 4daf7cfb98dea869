-- One person, one name. A user's word is found by its identity: the name in its normal form, without
-- regard to case. Other spellings and former names lead to it.

-- Of users; null where the name was met before there were identities, and of other kinds.
ALTER TABLE words ADD COLUMN identity TEXT;
-- The user's word that this one is a spelling or former name of; never such a one itself.
ALTER TABLE words ADD COLUMN merged_into BIGINT;
-- The domain that was taken off this spelling, for jobs that still carry it.
ALTER TABLE words ADD COLUMN domain_no BIGINT;
CREATE UNIQUE INDEX words_by_identity ON words (organization_no, identity)
    WHERE identity IS NOT NULL;
CREATE INDEX words_merged ON words (merged_into) WHERE merged_into IS NOT NULL;

-- The domain that was taken off the user's name.
ALTER TABLE print_jobs ADD COLUMN user_domain_no BIGINT;

-- Which domains are taken off, one a line; null takes off every DOMAIN\ and no @realm.
ALTER TABLE print_organizations ADD COLUMN user_domains TEXT;
-- Whether names are to be read anew: by a rule that changed, or by the first one.
ALTER TABLE print_organizations ADD COLUMN names_pending BIGINT NOT NULL DEFAULT 0;
-- Jobs that ended from here on may carry words that were merged; null where none do.
ALTER TABLE print_organizations ADD COLUMN people_from BIGINT;
UPDATE print_organizations SET names_pending = 1;

-- Whether only users who were made known are charged.
ALTER TABLE account_organizations ADD COLUMN known_users_only BIGINT NOT NULL DEFAULT 0;

-- The user whom this one turned out to be; never such a one itself.
ALTER TABLE print_users ADD COLUMN merged_into BIGINT REFERENCES print_users (user_no);
-- Whether somebody made the user known; 0 where a job, a charge or a hold named one.
ALTER TABLE print_users ADD COLUMN is_known BIGINT NOT NULL DEFAULT 1;
CREATE INDEX print_users_merged ON print_users (merged_into) WHERE merged_into IS NOT NULL;
