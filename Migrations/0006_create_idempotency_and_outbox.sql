-- Why:   every write can be retried (its key and answer are stored with the effect), and every effect is announced.
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.

CREATE TABLE sales.idempotency_key (
  principal      text        NOT NULL,   -- who: 'admin', 'cart:…', 'anonymous'
  key            text        NOT NULL,
  request_sha256 bytea       NOT NULL,   -- of method, path and body
  state          text        NOT NULL DEFAULT 'running',
  lock_until     timestamptz NOT NULL,   -- after it, a retry takes over
  status         smallint,
  headers        jsonb,                  -- those that the answer needs again: Location, ETag
  body           bytea,
  encrypted      boolean     NOT NULL DEFAULT false,   -- body is sealed with SHOP_SECRET_KEY: it holds a secret
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (principal, key),
  CONSTRAINT idempotency_key_length CHECK (length(key) BETWEEN 1 AND 255),
  CONSTRAINT idempotency_key_state_known CHECK (state IN ('running', 'done')),
  CONSTRAINT idempotency_key_done_has_answer CHECK (state <> 'done' OR (status IS NOT NULL AND body IS NOT NULL))
) WITH (fillfactor = 80, toast_tuple_target = 8160);
CREATE INDEX idempotency_key_expiry ON sales.idempotency_key (expires_at);

-- Relayed in commit order: transactions get their xid early and commit late, so the relay reads only what is below
-- pg_snapshot_xmin(pg_current_snapshot()), where nothing can appear any more, ordered by (xid, sequence).
CREATE TABLE sales.outbox (
  id                uuid        NOT NULL,   -- evt_… on the wire; consumers deduplicate by it
  xid               xid8        NOT NULL DEFAULT pg_current_xact_id(),
  sequence          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  aggregate         text        NOT NULL,
  aggregate_id      uuid        NOT NULL,
  aggregate_version bigint      NOT NULL,   -- gapless within the aggregate
  type              text        NOT NULL,   -- 'order.confirmed'
  payload           jsonb       NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_version_once UNIQUE (aggregate, aggregate_id, aggregate_version, type)
);
CREATE INDEX outbox_in_commit_order ON sales.outbox (xid, sequence);

-- How far each relay has come.
CREATE TABLE sales.outbox_cursor (
  consumer   text        NOT NULL,
  xid        xid8        NOT NULL DEFAULT '0',
  sequence   bigint      NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT outbox_cursor_pkey PRIMARY KEY (consumer)
);
