-- Why:   discount codes: what they take off, which carts have them, and which orders have used them up.
-- Lock:  SHARE ROW EXCLUSIVE on sales.cart and sales.payment for a moment (foreign keys and a trigger); the rest creates new objects.
-- Phase: expand.
--
-- Lock order: cart → stock_level → reservation → payment → discount_code (id), which a checkout locks last, and for one trip only.

CREATE TABLE sales.discount_code (
  id                uuid        NOT NULL,
  code              text        NOT NULL,   -- in capitals: a shopper may type it either way
  kind              text        NOT NULL,
  basis_points      integer,                -- of a percentage: 10 % is 1000
  starts_at         timestamptz,
  ends_at           timestamptz,            -- from then on it is over
  usage_limit       bigint,
  used              bigint      NOT NULL DEFAULT 0,   -- by orders, and by carts that are being paid for
  once_per_customer boolean     NOT NULL DEFAULT false,
  combinable        boolean     NOT NULL DEFAULT false,   -- may stand beside others in a cart
  state             text        NOT NULL DEFAULT 'active',
  version           bigint      NOT NULL DEFAULT 1,   -- of what the merchant says: a use is no change
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT discount_code_pkey PRIMARY KEY (id),
  CONSTRAINT discount_code_unique UNIQUE (code),
  CONSTRAINT discount_code_form CHECK (code = upper(code) AND length(code) BETWEEN 3 AND 64),
  CONSTRAINT discount_code_kind_known CHECK (kind IN ('percentage', 'fixed_amount')),
  CONSTRAINT discount_code_percentage CHECK ((kind = 'percentage') = (basis_points IS NOT NULL) AND basis_points BETWEEN 1 AND 10000),
  CONSTRAINT discount_code_times_in_order CHECK (starts_at < ends_at),
  CONSTRAINT discount_code_limit_positive CHECK (usage_limit > 0),
  CONSTRAINT discount_code_used_not_negative CHECK (used >= 0),
  CONSTRAINT discount_code_state_known CHECK (state IN ('active', 'disabled')),
  CONSTRAINT discount_used_within_limit CHECK (used <= usage_limit)   -- the last wall: no code is used once too often
) WITH (fillfactor = 70);   -- room for HOT updates of a code that everybody uses

-- What a code is in one currency. Where it has rows, it is for carts in those currencies alone.
CREATE TABLE sales.discount_code_amount (
  discount_code_id uuid   NOT NULL,
  currency         text   NOT NULL,
  amount           bigint,   -- minor units off; of a fixed amount
  minimum_subtotal bigint,   -- minor units that the cart must come to, before discounts
  CONSTRAINT discount_code_amount_pkey PRIMARY KEY (discount_code_id, currency),
  CONSTRAINT discount_code_amount_code_exists FOREIGN KEY (discount_code_id) REFERENCES sales.discount_code,
  CONSTRAINT discount_code_amount_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT discount_code_amount_positive CHECK (amount > 0 AND minimum_subtotal >= 0),
  CONSTRAINT discount_code_amount_says_something CHECK (num_nonnulls(amount, minimum_subtotal) > 0)
);

-- The codes that a shopper has given, in the order in which they apply. It uses nothing up: completing the cart does.
CREATE TABLE sales.cart_discount_code (
  cart_id          uuid    NOT NULL,
  discount_code_id uuid    NOT NULL,
  position         integer NOT NULL,
  CONSTRAINT cart_discount_code_pkey PRIMARY KEY (cart_id, discount_code_id),
  CONSTRAINT cart_discount_code_position_unique UNIQUE (cart_id, position),
  CONSTRAINT cart_discount_code_cart_exists FOREIGN KEY (cart_id) REFERENCES sales.cart ON DELETE CASCADE,
  CONSTRAINT cart_discount_code_code_exists FOREIGN KEY (discount_code_id) REFERENCES sales.discount_code
);

CREATE FUNCTION sales.cart_discount_code_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM sales.cart_discount_code x WHERE x.cart_id = NEW.cart_id) > 5 THEN
    RAISE EXCEPTION 'the cart has too many codes'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cart_discount_code_bound';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cart_discount_code_bound AFTER INSERT ON sales.cart_discount_code
  FOR EACH ROW EXECUTE FUNCTION sales.cart_discount_code_bound();

-- A use of a code: written with the payment that it made cheaper, gone when that fails. Those of orders stay, as a record.
CREATE TABLE sales.discount_redemption (
  discount_code_id uuid        NOT NULL,
  cart_id          uuid        NOT NULL,
  payment_id       uuid        NOT NULL,
  customer_key     text,                    -- who, of a code that is for once: the e-mail in small letters
  position         integer     NOT NULL,
  code             text        NOT NULL,
  currency         text        NOT NULL,
  amount           bigint      NOT NULL,    -- minor units that it took off
  created_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT discount_redemption_once_per_cart PRIMARY KEY (discount_code_id, cart_id),
  CONSTRAINT discount_redemption_once_per_customer UNIQUE (discount_code_id, customer_key),
  CONSTRAINT discount_redemption_code_exists FOREIGN KEY (discount_code_id) REFERENCES sales.discount_code,
  CONSTRAINT discount_redemption_cart_exists FOREIGN KEY (cart_id) REFERENCES sales.cart,
  CONSTRAINT discount_redemption_payment_exists FOREIGN KEY (payment_id) REFERENCES sales.payment,
  CONSTRAINT discount_redemption_amount_positive CHECK (amount > 0)
);
CREATE INDEX discount_redemption_by_cart ON sales.discount_redemption (cart_id);
CREATE TRIGGER discount_redemption_immutable
  BEFORE UPDATE OF discount_code_id, cart_id, payment_id, position, code, currency, amount, created_at
  ON sales.discount_redemption FOR EACH STATEMENT EXECUTE FUNCTION sales.refuse_change();

-- Whatever ends a payment in vain gives its codes back, the version of the program that knows of none included.
CREATE FUNCTION sales.give_discounts_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM sales.discount_code d JOIN sales.discount_redemption r ON r.discount_code_id = d.id
    WHERE r.cart_id = NEW.cart_id AND r.payment_id = NEW.id ORDER BY d.id FOR NO KEY UPDATE OF d;
  WITH gone AS (
    DELETE FROM sales.discount_redemption WHERE cart_id = NEW.cart_id AND payment_id = NEW.id RETURNING discount_code_id)
  UPDATE sales.discount_code d SET used = d.used - 1 FROM gone WHERE d.id = gone.discount_code_id;
  RETURN NULL;
END $$;
CREATE TRIGGER payment_failed AFTER UPDATE OF state ON sales.payment FOR EACH ROW
  WHEN (NEW.state = 'failed' AND OLD.state <> 'failed') EXECUTE FUNCTION sales.give_discounts_back();

-- A code in the eyes of a cart. What the cart itself has used up, while it is paid for or as an order, counts as there. Most hosts of
-- mail do not tell capitals apart: a customer is an e-mail in small letters.
CREATE FUNCTION sales.discount_in_cart(d sales.discount_code, cart uuid, currency text, email text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN (
    SELECT jsonb_build_object(
             'id', d.id, 'code', d.code, 'active', d.state = 'active', 'basis_points', d.basis_points,
             'elsewhere', a.currency IS NULL AND EXISTS (SELECT FROM sales.discount_code_amount o WHERE o.discount_code_id = d.id),
             'amount', a.amount, 'minimum_subtotal', a.minimum_subtotal, 'combinable', d.combinable,
             'starts_at', (extract(epoch FROM d.starts_at) * 1000)::bigint, 'ends_at', (extract(epoch FROM d.ends_at) * 1000)::bigint,
             'exhausted', own.cart_id IS NULL AND coalesce(d.used >= d.usage_limit, false),
             'spent', own.cart_id IS NULL AND d.once_per_customer AND EXISTS (
               SELECT FROM sales.discount_redemption r
                WHERE r.discount_code_id = d.id AND r.customer_key = lower(discount_in_cart.email)))
      FROM (SELECT) one
      LEFT JOIN sales.discount_code_amount a ON a.discount_code_id = d.id AND a.currency = discount_in_cart.currency
      LEFT JOIN sales.discount_redemption own ON own.discount_code_id = d.id AND own.cart_id = discount_in_cart.cart);
END $$;

CREATE FUNCTION sales.discounts_of_cart(cart uuid, currency text, email text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT jsonb_agg(sales.discount_in_cart(d, cart, currency, email) ORDER BY x.position)
      FROM sales.cart_discount_code x JOIN sales.discount_code d ON d.id = x.discount_code_id
     WHERE x.cart_id = cart);
END $$;
