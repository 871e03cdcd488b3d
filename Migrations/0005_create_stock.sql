-- Why:   stock that cannot be oversold, the holds on it, and the ledger of how it came about.
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.
--
-- Lock order everywhere: cart → stock_level (variant, location) → reservation → catalogue.availability → product_snapshot.

CREATE TABLE sales.location (
  id         uuid        NOT NULL,
  name       text        NOT NULL,
  is_default boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT location_pkey PRIMARY KEY (id),
  CONSTRAINT location_name_unique UNIQUE (name)
);
CREATE UNIQUE INDEX location_one_default ON sales.location (is_default) WHERE is_default;
INSERT INTO sales.location (id, name, is_default) VALUES ('01900000-0000-7000-8000-000000000001', 'Main warehouse', true);

CREATE TABLE sales.stock_level (
  variant_id      uuid        NOT NULL,
  location_id     uuid        NOT NULL,
  on_hand         integer     NOT NULL DEFAULT 0,
  reserved        integer     NOT NULL DEFAULT 0,   -- by holds that are held, paying or committed
  backorder_limit integer     NOT NULL DEFAULT 0,   -- how far sales may go below what is there
  low_at          integer     NOT NULL DEFAULT 5,   -- at or below this, shoppers see "low"
  version         bigint      NOT NULL DEFAULT 1,
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stock_level_pkey PRIMARY KEY (variant_id, location_id),
  CONSTRAINT stock_level_location_exists FOREIGN KEY (location_id) REFERENCES sales.location,
  CONSTRAINT stock_level_on_hand_not_negative CHECK (on_hand >= 0),
  CONSTRAINT stock_level_reserved_not_negative CHECK (reserved >= 0),
  CONSTRAINT stock_level_backorder_not_negative CHECK (backorder_limit >= 0),
  CONSTRAINT no_oversell CHECK (reserved <= on_hand + backorder_limit)   -- the last wall: no code can sell what is not there
) WITH (fillfactor = 70);   -- room for HOT updates of a hot variant

-- on_hand of a level is the sum of its deltas here.
CREATE TABLE sales.stock_movement (
  id          uuid        NOT NULL,
  variant_id  uuid        NOT NULL,
  location_id uuid        NOT NULL,
  kind        text        NOT NULL,
  delta       integer     NOT NULL,
  reason      text,
  ref         text        NOT NULL,   -- what caused it, unique within its kind: a replay is harmless
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stock_movement_pkey PRIMARY KEY (id),
  CONSTRAINT stock_movement_once UNIQUE (variant_id, location_id, kind, ref),
  CONSTRAINT stock_movement_level_exists FOREIGN KEY (variant_id, location_id) REFERENCES sales.stock_level,
  CONSTRAINT stock_movement_kind_known CHECK (kind IN ('initial', 'import', 'adjustment', 'fulfilment', 'return'))
);
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON sales.stock_movement
  FOR EACH STATEMENT EXECUTE FUNCTION sales.refuse_change();

CREATE TABLE sales.reservation (
  id          uuid        NOT NULL,
  cart_id     uuid        NOT NULL,
  line_id     uuid        NOT NULL,   -- of the cart, and later of the order
  variant_id  uuid        NOT NULL,
  location_id uuid        NOT NULL,
  quantity    integer     NOT NULL,
  state       text        NOT NULL DEFAULT 'held',
  expires_at  timestamptz,            -- of a hold that is held; paying is ended by the reconciler, never by the clock
  order_id    uuid,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT reservation_pkey PRIMARY KEY (id),
  CONSTRAINT reservation_cart_exists FOREIGN KEY (cart_id) REFERENCES sales.cart,
  CONSTRAINT reservation_level_exists FOREIGN KEY (variant_id, location_id) REFERENCES sales.stock_level,
  CONSTRAINT reservation_order_exists FOREIGN KEY (order_id) REFERENCES sales.orders,
  CONSTRAINT reservation_quantity_positive CHECK (quantity > 0),
  CONSTRAINT reservation_state_known CHECK (state IN ('held', 'paying', 'committed', 'fulfilled', 'released', 'expired')),
  CONSTRAINT reservation_held_expires CHECK (state <> 'held' OR expires_at IS NOT NULL),
  CONSTRAINT reservation_committed_needs_order CHECK (state NOT IN ('committed', 'fulfilled') OR order_id IS NOT NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX reservation_one_live_per_line ON sales.reservation (line_id, location_id) WHERE state IN ('held', 'paying', 'committed');
CREATE INDEX reservation_by_cart ON sales.reservation (cart_id);
CREATE INDEX reservation_by_order ON sales.reservation (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX reservation_hold_expiry ON sales.reservation (expires_at) WHERE state = 'held';
CREATE INDEX reservation_hold_by_variant ON sales.reservation (variant_id, expires_at) WHERE state = 'held';   -- the sweep when short

-- What shoppers see of a variant: the sums over its locations. The thresholds live here and nowhere else.
CREATE FUNCTION sales.availability_state(on_hand bigint, reserved bigint, backorder_limit bigint, low_at bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN on_hand - reserved > low_at THEN 'in_stock'
              WHEN on_hand - reserved > 0 THEN 'low'
              WHEN on_hand + backorder_limit - reserved > 0 THEN 'backorder'
              ELSE 'out' END
$$;

-- Door 2 of the catalogue, written when a variant crosses a threshold and at no other time: the select finds the crossings, so a
-- sale far from one writes nothing and locks nothing. Its snapshot is taken after the stock rows were locked by the statement that
-- fired it; a command that changes one of several locations of a variant locks them all.
CREATE FUNCTION sales.publish_availability() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalogue.availability AS a (variant_id, state)
  SELECT n.variant_id, n.state
    FROM (SELECT s.variant_id, sales.availability_state(sum(s.on_hand), sum(s.reserved), sum(s.backorder_limit), max(s.low_at)) AS state
            FROM sales.stock_level s
           WHERE s.variant_id IN (SELECT c.variant_id FROM changed c) GROUP BY s.variant_id) n
    LEFT JOIN catalogue.availability o ON o.variant_id = n.variant_id
   WHERE o.state IS DISTINCT FROM n.state
   ORDER BY n.variant_id
  ON CONFLICT (variant_id) DO UPDATE SET state = excluded.state, version = a.version + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER stock_level_inserted AFTER INSERT ON sales.stock_level
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sales.publish_availability();
CREATE TRIGGER stock_level_updated AFTER UPDATE ON sales.stock_level
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sales.publish_availability();
