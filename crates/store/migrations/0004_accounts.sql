-- Accounts: who prints on them, limits, balances, the ledger, charges and holds.

-- Users who print, known by programs or met in print jobs.
CREATE TABLE print_users (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    user_no         BIGINT NOT NULL,
    user_id         BLOB   NOT NULL,
    name            TEXT   NOT NULL,
    -- Without regard to case.
    name_folded     TEXT   NOT NULL,
    -- What print jobs carry, folded: the name, or its pseudonym where names are hashed.
    job_name        TEXT   NOT NULL,
    display_name    TEXT,
    email           TEXT,
    external_id     TEXT,
    state           BIGINT NOT NULL,
    revision        BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    -- The user whom this one turned out to be; never such a one itself.
    merged_into     BIGINT,
    -- Whether somebody made the user known; 0 where a job, a charge or a hold named one.
    is_known        BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_no, user_no),
    UNIQUE (organization_no, user_id),
    UNIQUE (organization_no, name_folded),
    UNIQUE (organization_no, job_name),
    UNIQUE (organization_no, external_id),
    FOREIGN KEY (organization_no, merged_into) REFERENCES print_users (organization_no, user_no)
) WITHOUT ROWID;
CREATE INDEX print_users_merged ON print_users (organization_no, merged_into)
    WHERE merged_into IS NOT NULL;

CREATE TABLE print_groups (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    group_no        BIGINT NOT NULL,
    group_id        BLOB   NOT NULL,
    name            TEXT   NOT NULL,
    name_folded     TEXT   NOT NULL,
    external_id     TEXT,
    -- How many there are, counted in the transactions that add and remove them.
    members         BIGINT NOT NULL,
    revision        BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_no, group_no),
    UNIQUE (organization_no, group_id),
    UNIQUE (organization_no, name_folded),
    UNIQUE (organization_no, external_id)
) WITHOUT ROWID;

CREATE TABLE group_members (
    organization_no BIGINT NOT NULL,
    group_no        BIGINT NOT NULL,
    user_no         BIGINT NOT NULL,
    PRIMARY KEY (organization_no, group_no, user_no),
    FOREIGN KEY (organization_no, group_no) REFERENCES print_groups (organization_no, group_no),
    FOREIGN KEY (organization_no, user_no) REFERENCES print_users (organization_no, user_no)
) WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (organization_no, user_no, group_no);

CREATE TABLE accounts (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    account_no      BIGINT NOT NULL,
    account_id      BLOB   NOT NULL,
    code            TEXT   NOT NULL,
    code_folded     TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    -- Without regard to case, to sort and to search by.
    name_folded     TEXT   NOT NULL,
    description     TEXT,
    external_id     TEXT,
    parent_no       BIGINT,
    valid_from      BIGINT,
    valid_until     BIGINT,
    state           BIGINT NOT NULL,
    revision        BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    -- The limit. Null points are no limit.
    points_per_user BIGINT,
    -- 0 none, 1 daily, 2 weekly, 3 monthly, 4 term.
    period          BIGINT NOT NULL,
    -- Of the week from 0, or of the month from 1; 0 for other periods.
    period_day      BIGINT NOT NULL,
    -- Null is all.
    carry_over      BIGINT,
    overdraft       BIGINT NOT NULL,
    enforcement     BIGINT NOT NULL,
    job_points_max  BIGINT,
    -- A bit for each function.
    functions       BIGINT NOT NULL,
    color           BIGINT NOT NULL,
    PRIMARY KEY (organization_no, account_no),
    UNIQUE (organization_no, account_id),
    UNIQUE (organization_no, code_folded),
    UNIQUE (organization_no, external_id),
    FOREIGN KEY (organization_no, parent_no) REFERENCES accounts (organization_no, account_no)
) WITHOUT ROWID;
CREATE INDEX accounts_by_parent ON accounts (organization_no, parent_no)
    WHERE parent_no IS NOT NULL;
CREATE INDEX accounts_by_name ON accounts (organization_no, name_folded, account_no);

CREATE TABLE account_tags (
    organization_no BIGINT NOT NULL,
    account_no      BIGINT NOT NULL,
    tag             TEXT   NOT NULL,
    PRIMARY KEY (organization_no, account_no, tag),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no)
) WITHOUT ROWID;

CREATE TABLE account_terms (
    organization_no BIGINT NOT NULL,
    account_no      BIGINT NOT NULL,
    begins_on       BIGINT NOT NULL,
    PRIMARY KEY (organization_no, account_no, begins_on),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no)
) WITHOUT ROWID;

CREATE TABLE account_access (
    organization_no BIGINT NOT NULL,
    account_no      BIGINT NOT NULL,
    -- 0 everyone, 1 a group, 2 a user.
    subject_kind    BIGINT NOT NULL,
    -- Of a group or user; 0 for everyone.
    subject_no      BIGINT NOT NULL,
    -- A bit for each verb.
    verbs           BIGINT NOT NULL,
    PRIMARY KEY (organization_no, account_no, subject_kind, subject_no),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no)
) WITHOUT ROWID;
CREATE INDEX account_access_by_subject
    ON account_access (organization_no, subject_kind, subject_no, account_no);

CREATE TABLE point_rates (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    -- A media name, '' for any other.
    media           TEXT   NOT NULL,
    mono_side       BIGINT NOT NULL,
    color_side      BIGINT NOT NULL,
    sheet           BIGINT NOT NULL,
    PRIMARY KEY (organization_no, media)
) WITHOUT ROWID;

CREATE TABLE balances (
    organization_no BIGINT NOT NULL,
    account_no      BIGINT NOT NULL,
    user_no         BIGINT NOT NULL,
    points          BIGINT NOT NULL,
    -- What was allocated last; null while the account had no limit.
    allocated       BIGINT,
    period_from     BIGINT NOT NULL,
    PRIMARY KEY (organization_no, account_no, user_no),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no),
    FOREIGN KEY (organization_no, user_no) REFERENCES print_users (organization_no, user_no)
) WITHOUT ROWID;
CREATE INDEX balances_by_user ON balances (organization_no, user_no, account_no);
CREATE INDEX balances_by_period ON balances (organization_no, account_no, period_from);

CREATE TABLE ledger_entries (
    organization_no BIGINT NOT NULL,
    entry_no        BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    account_no      BIGINT NOT NULL,
    user_no         BIGINT NOT NULL,
    kind            BIGINT NOT NULL,
    points          BIGINT NOT NULL,
    balance         BIGINT NOT NULL,
    actor           TEXT   NOT NULL,
    reason          TEXT,
    -- Of a charge or of a transfer, as the kind says.
    reference       BLOB,
    PRIMARY KEY (organization_no, entry_no),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no),
    FOREIGN KEY (organization_no, user_no) REFERENCES print_users (organization_no, user_no)
) WITHOUT ROWID;
CREATE INDEX ledger_by_account ON ledger_entries (organization_no, account_no, entry_no);
CREATE INDEX ledger_by_user ON ledger_entries (organization_no, user_no, entry_no);
CREATE TRIGGER ledger_entries_never_change BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger entries never change'); END;
CREATE TRIGGER ledger_entries_never_go BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger entries never go'); END;

CREATE TABLE charges (
    organization_no BIGINT NOT NULL REFERENCES organizations (organization_no),
    charge_id       BLOB   NOT NULL,
    origin          BIGINT NOT NULL,
    -- The print job's key, as in print_job_keys; null where a program charged for something else.
    source_no       BIGINT,
    job_id          BLOB,
    account_named   TEXT,
    account_no      BIGINT,
    user_no         BIGINT,
    claimed         BIGINT NOT NULL,
    refunded        BIGINT NOT NULL,
    state           BIGINT NOT NULL,
    -- A bit for each problem.
    problems        BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    revision        BIGINT NOT NULL,
    PRIMARY KEY (organization_no, charge_id),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no),
    FOREIGN KEY (organization_no, user_no) REFERENCES print_users (organization_no, user_no),
    FOREIGN KEY (organization_no, source_no) REFERENCES print_sources (organization_no, source_no)
) WITHOUT ROWID;
CREATE UNIQUE INDEX charges_by_job ON charges (organization_no, source_no, job_id)
    WHERE source_no IS NOT NULL;
CREATE INDEX charges_by_state ON charges (organization_no, state, charge_id);
CREATE INDEX charges_by_account ON charges (organization_no, account_no, charge_id)
    WHERE account_no IS NOT NULL;
CREATE INDEX charges_by_user ON charges (organization_no, user_no, charge_id)
    WHERE user_no IS NOT NULL;

CREATE TABLE holds (
    organization_no BIGINT NOT NULL,
    hold_id         BLOB   NOT NULL,
    account_no      BIGINT NOT NULL,
    user_no         BIGINT NOT NULL,
    points          BIGINT NOT NULL,
    source_no       BIGINT,
    job_id          BLOB,
    -- 0 active (until it expires), 1 captured, 2 released, 3 expired long ago.
    state           BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    charge_id       BLOB,
    PRIMARY KEY (organization_no, hold_id),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no),
    FOREIGN KEY (organization_no, user_no) REFERENCES print_users (organization_no, user_no),
    FOREIGN KEY (organization_no, source_no) REFERENCES print_sources (organization_no, source_no)
) WITHOUT ROWID;
CREATE INDEX holds_active ON holds (organization_no, account_no, user_no, expires_at, points)
    WHERE state = 0;
CREATE INDEX holds_by_account ON holds (organization_no, account_no, hold_id);
CREATE INDEX holds_by_user ON holds (organization_no, user_no, hold_id);
CREATE INDEX holds_by_end ON holds (organization_no, expires_at) WHERE state = 0;
CREATE INDEX holds_by_job ON holds (organization_no, source_no, job_id)
    WHERE state = 0 AND source_no IS NOT NULL;
CREATE INDEX holds_by_charge ON holds (organization_no, charge_id) WHERE charge_id IS NOT NULL;

CREATE TABLE account_periods (
    organization_no BIGINT NOT NULL,
    account_no      BIGINT NOT NULL,
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    closed_at       BIGINT NOT NULL,
    -- Sums over all users.
    opening         BIGINT NOT NULL,
    allocated       BIGINT NOT NULL,
    reset           BIGINT NOT NULL,
    charged         BIGINT NOT NULL,
    refunded        BIGINT NOT NULL,
    adjusted        BIGINT NOT NULL,
    transferred     BIGINT NOT NULL,
    closing         BIGINT NOT NULL,
    entries         BIGINT NOT NULL,
    PRIMARY KEY (organization_no, account_no, from_at),
    FOREIGN KEY (organization_no, account_no) REFERENCES accounts (organization_no, account_no)
) WITHOUT ROWID;
