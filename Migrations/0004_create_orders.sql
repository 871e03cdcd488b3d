-- Why:   orders as immutable snapshots, payments as counters, and the history of both.
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.

CREATE TABLE sales.orders (   -- "order" is a reserved word
  id                    uuid        NOT NULL,
  number                bigint      NOT NULL GENERATED ALWAYS AS IDENTITY (START WITH 1001),
  cart_id               uuid        NOT NULL,
  customer_id           uuid,
  status                text        NOT NULL DEFAULT 'confirmed',
  currency              text        NOT NULL,
  email                 text        NOT NULL,
  subtotal              bigint      NOT NULL,
  discount              bigint      NOT NULL DEFAULT 0,
  shipping              bigint      NOT NULL,
  tax                   bigint      NOT NULL,   -- on top of the prices
  tax_included          bigint      NOT NULL,   -- contained in the prices: shown, never added
  total                 bigint      NOT NULL,
  shipping_address      jsonb,
  billing_address       jsonb,
  shipping_method_id    text,
  shipping_method_title text,
  version               bigint      NOT NULL DEFAULT 1,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT orders_pkey PRIMARY KEY (id),
  CONSTRAINT orders_number_unique UNIQUE (number),
  CONSTRAINT orders_one_per_cart UNIQUE (cart_id),
  CONSTRAINT orders_cart_exists FOREIGN KEY (cart_id) REFERENCES sales.cart,
  CONSTRAINT orders_status_known CHECK (status IN ('pending_payment', 'confirmed', 'processing', 'completed', 'cancelled', 'expired')),
  CONSTRAINT orders_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT orders_amounts_not_negative
    CHECK (least(subtotal, discount, shipping, tax, tax_included, total) >= 0 AND tax_included <= total AND discount <= subtotal),
  CONSTRAINT totals_add_up CHECK (total = subtotal - discount + shipping + tax)
) WITH (fillfactor = 90);
CREATE INDEX orders_by_age ON sales.orders (created_at, id);
CREATE INDEX orders_by_status ON sales.orders (status, created_at, id);
CREATE INDEX orders_by_customer ON sales.orders (customer_id, created_at, id) WHERE customer_id IS NOT NULL;

CREATE TABLE sales.order_line (
  id                uuid    NOT NULL,   -- that of the cart line that it came from, so reservations keep pointing at it
  order_id          uuid    NOT NULL,
  position          integer NOT NULL,
  variant_id        uuid    NOT NULL,
  product_id        uuid    NOT NULL,
  sku               text    NOT NULL,
  title             text    NOT NULL,
  options           jsonb   NOT NULL DEFAULT '{}',
  quantity          integer NOT NULL,
  unit_price        bigint  NOT NULL,
  subtotal          bigint  NOT NULL,
  discount          bigint  NOT NULL DEFAULT 0,
  tax_class         text    NOT NULL,
  tax_rate_ppm      integer NOT NULL,
  tax               bigint  NOT NULL,
  tax_included      bigint  NOT NULL,
  total             bigint  NOT NULL,
  requires_shipping boolean NOT NULL,
  cancelled         integer NOT NULL DEFAULT 0,
  fulfilled         integer NOT NULL DEFAULT 0,
  returned          integer NOT NULL DEFAULT 0,
  CONSTRAINT order_line_pkey PRIMARY KEY (id),
  CONSTRAINT order_line_position_unique UNIQUE (order_id, position),
  CONSTRAINT order_line_order_exists FOREIGN KEY (order_id) REFERENCES sales.orders,
  CONSTRAINT order_line_quantity_positive CHECK (quantity > 0),
  CONSTRAINT order_line_adds_up CHECK (subtotal = unit_price * quantity AND total = subtotal - discount + tax),
  CONSTRAINT order_line_amounts_not_negative CHECK (least(unit_price, discount, tax, tax_included, total) >= 0 AND discount <= subtotal),
  CONSTRAINT order_line_counts_not_negative CHECK (least(cancelled, fulfilled, returned) >= 0),
  CONSTRAINT order_line_not_overfulfilled CHECK (cancelled + fulfilled <= quantity),
  CONSTRAINT order_line_not_overreturned CHECK (returned <= fulfilled)
);

-- What may follow what. 'new' is where every order starts.
CREATE TABLE sales.order_transition (
  from_status text NOT NULL,
  to_status   text NOT NULL,
  CONSTRAINT order_transition_pkey PRIMARY KEY (from_status, to_status)
);
INSERT INTO sales.order_transition (from_status, to_status) VALUES
  ('new', 'confirmed'), ('new', 'pending_payment'),
  ('pending_payment', 'confirmed'), ('pending_payment', 'expired'), ('pending_payment', 'cancelled'),
  ('confirmed', 'processing'), ('confirmed', 'cancelled'),
  ('processing', 'completed'), ('processing', 'cancelled');

CREATE TABLE sales.order_event (
  order_id    uuid        NOT NULL,
  version     bigint      NOT NULL,
  from_status text        NOT NULL,
  to_status   text        NOT NULL,
  actor       text        NOT NULL,
  reason      text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT order_event_version_unique PRIMARY KEY (order_id, version),   -- of two racing moves from one version, one fails here
  CONSTRAINT order_event_order_exists FOREIGN KEY (order_id) REFERENCES sales.orders,
  CONSTRAINT order_event_move_allowed FOREIGN KEY (from_status, to_status) REFERENCES sales.order_transition
);

-- Every change of status writes its event, so no code can move an order past order_event_move_allowed. Who and why come from
-- SET LOCAL shop.actor and shop.reason.
CREATE FUNCTION sales.order_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sales.order_event (order_id, version, from_status, to_status, actor, reason)
  VALUES (NEW.id, NEW.version, CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE OLD.status END, NEW.status,
          coalesce(nullif(current_setting('shop.actor', true), ''), 'system'), nullif(current_setting('shop.reason', true), ''));
  RETURN NULL;
END $$;
CREATE TRIGGER order_placed AFTER INSERT ON sales.orders FOR EACH ROW EXECUTE FUNCTION sales.order_moved();
CREATE TRIGGER order_moved AFTER UPDATE ON sales.orders FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION sales.order_moved();

-- The record of a sale: what was bought, by whom, for how much never changes after the fact.
CREATE FUNCTION sales.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of %.% is not allowed: its rows are a record', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER order_snapshot_immutable
  BEFORE UPDATE OF id, number, cart_id, currency, email, subtotal, discount, shipping, tax, tax_included, total, shipping_address,
                   billing_address, shipping_method_id, shipping_method_title, created_at
  ON sales.orders FOR EACH STATEMENT EXECUTE FUNCTION sales.refuse_change();
CREATE TRIGGER order_line_snapshot_immutable
  BEFORE UPDATE OF id, order_id, position, variant_id, product_id, sku, title, options, quantity, unit_price, subtotal, discount,
                   tax_class, tax_rate_ppm, tax, tax_included, total, requires_shipping
  ON sales.order_line FOR EACH STATEMENT EXECUTE FUNCTION sales.refuse_change();
CREATE TRIGGER order_event_append_only BEFORE UPDATE OR DELETE ON sales.order_event
  FOR EACH STATEMENT EXECUTE FUNCTION sales.refuse_change();

CREATE TABLE sales.payment (
  id                    uuid        NOT NULL,
  cart_id               uuid        NOT NULL,
  order_id              uuid,
  provider              text        NOT NULL,
  currency              text        NOT NULL,
  amount                bigint      NOT NULL,
  state                 text        NOT NULL DEFAULT 'authorizing',
  authorized            bigint      NOT NULL DEFAULT 0,
  capturing             bigint      NOT NULL DEFAULT 0,   -- asked of the provider, outcome not known: counts as taken
  captured              bigint      NOT NULL DEFAULT 0,
  refunding             bigint      NOT NULL DEFAULT 0,
  refunded              bigint      NOT NULL DEFAULT 0,
  voided                bigint      NOT NULL DEFAULT 0,
  next_action           jsonb,                            -- {"type":"redirect","url":…} while the shopper has to act
  decline_code          text,
  checkout              jsonb       NOT NULL,             -- lines, prices, taxes and totals as decided and agreed in the first
                                                          -- transaction: whoever finishes it makes the order from this alone
  idempotency_principal text,                             -- the key whose stored answer the finisher has to complete
  idempotency_key       text,
  attempts              integer     NOT NULL DEFAULT 0,
  next_check_at         timestamptz,                      -- when the reconciler asks the provider again
  version               bigint      NOT NULL DEFAULT 1,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT payment_pkey PRIMARY KEY (id),
  CONSTRAINT payment_cart_exists FOREIGN KEY (cart_id) REFERENCES sales.cart,
  CONSTRAINT payment_order_exists FOREIGN KEY (order_id) REFERENCES sales.orders,
  CONSTRAINT payment_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT payment_state_known CHECK (state IN ('authorizing', 'requires_action', 'unknown', 'authorized', 'failed', 'voided')),
  CONSTRAINT payment_amounts_not_negative CHECK (least(amount, authorized, capturing, captured, refunding, refunded, voided) >= 0),
  CONSTRAINT payment_not_overauthorized CHECK (authorized <= amount),
  CONSTRAINT payment_not_overcaptured CHECK (captured + capturing + voided <= authorized),
  CONSTRAINT payment_not_overrefunded CHECK (refunded + refunding <= captured),
  CONSTRAINT payment_open_is_checked
    CHECK (state NOT IN ('authorizing', 'requires_action', 'unknown') OR next_check_at IS NOT NULL)
) WITH (fillfactor = 80);
-- At most one authorisation of a cart can be in flight or in force.
CREATE UNIQUE INDEX payment_one_live_per_cart ON sales.payment (cart_id) WHERE state NOT IN ('failed', 'voided');
CREATE INDEX payment_by_cart ON sales.payment (cart_id);
CREATE INDEX payment_by_order ON sales.payment (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX payment_to_check ON sales.payment (next_check_at) WHERE state IN ('authorizing', 'requires_action', 'unknown');

CREATE TABLE sales.payment_operation (
  id          uuid        NOT NULL,   -- also the idempotency key that the provider sees: a retry after a crash repeats nothing
  payment_id  uuid        NOT NULL,
  kind        text        NOT NULL,
  amount      bigint      NOT NULL,
  state       text        NOT NULL DEFAULT 'pending',
  request     jsonb,                  -- what a repeat has to send again; never card data
  provider    text        NOT NULL,
  reference   text,                   -- the provider's id
  error_code  text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CONSTRAINT payment_operation_pkey PRIMARY KEY (id),
  CONSTRAINT payment_operation_payment_exists FOREIGN KEY (payment_id) REFERENCES sales.payment,
  CONSTRAINT payment_operation_kind_known CHECK (kind IN ('authorize', 'capture', 'void', 'refund')),
  CONSTRAINT payment_operation_state_known CHECK (state IN ('pending', 'unknown', 'succeeded', 'failed')),
  CONSTRAINT payment_operation_amount_positive CHECK (amount > 0),
  CONSTRAINT payment_operation_finish CHECK ((state IN ('succeeded', 'failed')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX payment_operation_reference_unique ON sales.payment_operation (provider, kind, reference) WHERE reference IS NOT NULL;
CREATE INDEX payment_operation_by_payment ON sales.payment_operation (payment_id);

-- Append-only but for its outcome, which is written once.
CREATE TRIGGER payment_operation_intent_immutable
  BEFORE UPDATE OF id, payment_id, kind, amount, provider, request, created_at ON sales.payment_operation
  FOR EACH STATEMENT EXECUTE FUNCTION sales.refuse_change();
CREATE TRIGGER payment_operation_outcome_final BEFORE UPDATE ON sales.payment_operation
  FOR EACH ROW WHEN (OLD.state IN ('succeeded', 'failed') AND NEW.state <> OLD.state) EXECUTE FUNCTION sales.refuse_change();
CREATE TRIGGER payment_operation_append_only BEFORE DELETE ON sales.payment_operation
  FOR EACH STATEMENT EXECUTE FUNCTION sales.refuse_change();

-- An inbound webhook counts once, however often it is delivered.
CREATE TABLE sales.provider_event (
  provider     text        NOT NULL,
  event_id     text        NOT NULL,
  payment_id   uuid,
  body         jsonb       NOT NULL,
  received_at  timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz,
  CONSTRAINT provider_event_pkey PRIMARY KEY (provider, event_id)
);
CREATE INDEX provider_event_to_process ON sales.provider_event (received_at) WHERE processed_at IS NULL;
