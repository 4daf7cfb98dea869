-- Client Applications of the Accounts API, and the access tokens issued to them.

CREATE TABLE client_applications (
    -- The Client ID.
    id              BLOB   NOT NULL PRIMARY KEY,
    organization_id BLOB   NOT NULL REFERENCES organizations (id),
    -- SHA-256 of the Client Secret.
    hash            BLOB   NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by      TEXT   NOT NULL,
    last_used_at    BIGINT,
    revoked_at      BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX client_applications_one_live ON client_applications (organization_id)
    WHERE revoked_at IS NULL;

CREATE TABLE access_tokens (
    -- SHA-256 of the token.
    hash       BLOB   NOT NULL PRIMARY KEY,
    client_id  BLOB   NOT NULL REFERENCES client_applications (id),
    -- Words of RFC 6749 3.3 with a space between them.
    scopes     TEXT   NOT NULL,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);
