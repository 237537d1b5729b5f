-- Money is in the currency's minor unit (fen, cent); times are seconds since the epoch.

CREATE TABLE IF NOT EXISTS trades (
    id          INTEGER PRIMARY KEY,
    provider    TEXT NOT NULL,
    number      TEXT NOT NULL,              -- the merchant's out_trade_no; Stripe's checkout session
    trade_no    TEXT NOT NULL,              -- the provider's transaction id; Stripe's payment intent
    token       TEXT NOT NULL UNIQUE,       -- what the cashier's address carries
    kind        TEXT NOT NULL,              -- native, h5, jsapi, app, page, wap, precreate, checkout
    subject     TEXT NOT NULL,
    amount      INTEGER NOT NULL CHECK (amount > 0),
    currency    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('OPEN', 'PAID', 'FAILED', 'CLOSED')),
    notify_url  TEXT NOT NULL,
    return_url  TEXT NOT NULL,
    details     TEXT NOT NULL,              -- JSON: what only this provider knows of
    created_at  REAL NOT NULL,
    expires_at  REAL,
    paid_at     REAL,
    closed_at   REAL,
    UNIQUE (provider, number),
    UNIQUE (provider, trade_no)
);

CREATE TABLE IF NOT EXISTS refunds (
    id          INTEGER PRIMARY KEY,
    provider    TEXT NOT NULL,
    trade_id    INTEGER NOT NULL REFERENCES trades (id),
    number      TEXT NOT NULL,              -- the merchant's number, as unique as the provider asks
    refund_no   TEXT NOT NULL,              -- the provider's id
    amount      INTEGER NOT NULL CHECK (amount > 0),
    state       TEXT NOT NULL CHECK (state IN ('DONE', 'FAILED')),
    notify_url  TEXT NOT NULL,
    details     TEXT NOT NULL,
    created_at  REAL NOT NULL,
    settles_at  REAL NOT NULL,              -- until then the provider answers "processing"
    UNIQUE (provider, number),
    UNIQUE (provider, refund_no)
);

CREATE TABLE IF NOT EXISTS deliveries (
    id          INTEGER PRIMARY KEY,
    provider    TEXT NOT NULL,
    event_id    TEXT NOT NULL,              -- the provider's notification id; two deliveries may share one
    kind        TEXT NOT NULL,
    url         TEXT NOT NULL,
    payload     TEXT NOT NULL,              -- JSON, unsigned: each attempt is signed afresh, as providers do
    is_forged   INTEGER NOT NULL,
    after_id    INTEGER,                    -- not before that delivery has been tried
    due_at      REAL NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL CHECK (state IN ('WAITING', 'ACCEPTED', 'ABANDONED')),
    last_answer TEXT NOT NULL DEFAULT '',
    created_at  REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE state = 'WAITING';

CREATE TABLE IF NOT EXISTS stripe_events (
    id          TEXT PRIMARY KEY,
    type        TEXT NOT NULL,
    created     INTEGER NOT NULL,
    body        TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS stripe_answers (
    key         TEXT PRIMARY KEY,           -- Idempotency-Key
    fingerprint TEXT NOT NULL,
    status      INTEGER NOT NULL,
    body        TEXT NOT NULL,
    created_at  REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS messages (
    id            INTEGER PRIMARY KEY,
    biz_id        TEXT NOT NULL UNIQUE,
    phone         TEXT NOT NULL,
    sign_name     TEXT NOT NULL,
    template_code TEXT NOT NULL,
    params        TEXT NOT NULL,
    text          TEXT NOT NULL,
    out_id        TEXT NOT NULL,
    at            REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_phone ON messages (phone, id);

CREATE TABLE IF NOT EXISTS loans (
    id           INTEGER PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,      -- the merchant's
    reference    TEXT NOT NULL UNIQUE,      -- the lender's
    product      TEXT NOT NULL,
    months       INTEGER NOT NULL,
    price        INTEGER NOT NULL,
    amount       INTEGER NOT NULL CHECK (amount > 0),
    currency     TEXT NOT NULL,
    applicant    TEXT NOT NULL,             -- name and phone, for the desk; the identity number is checked, not kept
    papers       TEXT NOT NULL,             -- JSON: {SHA-256: kind} of what was handed in
    notify_url   TEXT NOT NULL,
    status       TEXT NOT NULL,
    revision     INTEGER NOT NULL DEFAULT 1,
    asked_for    TEXT NOT NULL DEFAULT '[]',
    reason       TEXT NOT NULL DEFAULT '',
    valid_until  REAL,
    disbursement TEXT NOT NULL DEFAULT '',
    order_number TEXT NOT NULL DEFAULT '',
    created_at   REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS loan_papers (
    number  TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    size    INTEGER NOT NULL,
    PRIMARY KEY (number, sha256)
);

CREATE TABLE IF NOT EXISTS loan_returns (
    number       TEXT PRIMARY KEY,
    reference    TEXT NOT NULL UNIQUE,
    disbursement TEXT NOT NULL,
    amount       INTEGER NOT NULL CHECK (amount > 0),
    currency     TEXT NOT NULL,
    at           REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS lender_nonces (
    nonce  TEXT PRIMARY KEY,
    at     REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS parcel_events (
    id          INTEGER PRIMARY KEY,
    company     TEXT NOT NULL,
    number      TEXT NOT NULL,
    at          REAL NOT NULL,              -- may lie ahead
    state       TEXT NOT NULL,
    context     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS parcel_events_parcel ON parcel_events (company, number, at);

CREATE TABLE IF NOT EXISTS parcel_subscribers (
    company     TEXT NOT NULL,
    number      TEXT NOT NULL,
    url         TEXT NOT NULL,
    salt        TEXT NOT NULL,
    PRIMARY KEY (company, number)
);
