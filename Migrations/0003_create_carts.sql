-- Why:   carts, and what prices them beside the offer: shipping rates and tax rates.
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.

CREATE SCHEMA sales;

CREATE TABLE sales.shipping_zone (
  id    text NOT NULL,
  title text NOT NULL,
  CONSTRAINT shipping_zone_pkey PRIMARY KEY (id)
);

-- A country that is in no zone here falls to the zone 'world'.
CREATE TABLE sales.shipping_zone_country (
  country text NOT NULL,
  zone_id text NOT NULL,
  CONSTRAINT shipping_zone_country_pkey PRIMARY KEY (country),
  CONSTRAINT shipping_zone_country_form CHECK (country ~ '^[A-Z]{2}$'),
  CONSTRAINT shipping_zone_country_zone_exists FOREIGN KEY (zone_id) REFERENCES sales.shipping_zone
);

CREATE TABLE sales.shipping_method (
  id       text     NOT NULL,   -- also its name on the wire
  title    text     NOT NULL,
  position smallint NOT NULL DEFAULT 0,
  active   boolean  NOT NULL DEFAULT true,
  CONSTRAINT shipping_method_pkey PRIMARY KEY (id)
);

-- The rate of a parcel is the row with the smallest up_to_g that is not below its weight; where there is none, the method is not
-- offered. So bands cannot overlap or leave a hole between them, by the key alone.
CREATE TABLE sales.shipping_rate (
  zone_id   text    NOT NULL,
  method_id text    NOT NULL,
  currency  text    NOT NULL,
  up_to_g   integer NOT NULL,
  amount    bigint  NOT NULL,   -- minor units
  CONSTRAINT shipping_rate_pkey PRIMARY KEY (zone_id, currency, method_id, up_to_g),
  CONSTRAINT shipping_rate_zone_exists FOREIGN KEY (zone_id) REFERENCES sales.shipping_zone,
  CONSTRAINT shipping_rate_method_exists FOREIGN KEY (method_id) REFERENCES sales.shipping_method,
  CONSTRAINT shipping_rate_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT shipping_rate_up_to_positive CHECK (up_to_g > 0),
  CONSTRAINT shipping_rate_amount_range CHECK (amount BETWEEN 0 AND 1000000000000)
);

-- No row: the shop collects no tax there.
CREATE TABLE sales.tax_rate (
  country        text    NOT NULL,
  tax_class      text    NOT NULL,
  rate_ppm       integer NOT NULL,   -- millionths: 8.25 % is 82500
  inclusive      boolean NOT NULL,   -- prices contain the tax
  shipping_taxed boolean NOT NULL DEFAULT true,   -- at the standard rate
  title          text    NOT NULL,
  CONSTRAINT tax_rate_pkey PRIMARY KEY (country, tax_class),
  CONSTRAINT tax_rate_country_form CHECK (country ~ '^[A-Z]{2}$'),
  CONSTRAINT tax_rate_class_known CHECK (tax_class IN ('standard', 'reduced', 'zero')),
  CONSTRAINT tax_rate_range CHECK (rate_ppm BETWEEN 0 AND 1000000)
);

-- Instead of the country's rate, where the address names a region that has a row (US state, Canadian province).
CREATE TABLE sales.tax_region_rate (
  country   text    NOT NULL,
  region    text    NOT NULL,   -- ISO 3166-2 without the country: 'TX', 'ON'
  tax_class text    NOT NULL,
  rate_ppm  integer NOT NULL,
  title     text    NOT NULL,
  CONSTRAINT tax_region_rate_pkey PRIMARY KEY (country, region, tax_class),
  CONSTRAINT tax_region_rate_of_country FOREIGN KEY (country, tax_class) REFERENCES sales.tax_rate (country, tax_class),
  CONSTRAINT tax_region_rate_region_form CHECK (region ~ '^[A-Z0-9]{1,3}$'),
  CONSTRAINT tax_region_rate_range CHECK (rate_ppm BETWEEN 0 AND 1000000)
);

CREATE TABLE sales.cart (
  id                 uuid        NOT NULL,
  token_sha256       bytea       NOT NULL,   -- the token itself is nowhere
  customer_id        uuid,
  state              text        NOT NULL DEFAULT 'active',
  currency           text        NOT NULL,
  country            text,
  email              text,
  shipping_address   jsonb,
  billing_address    jsonb,
  shipping_method_id text,
  version            bigint      NOT NULL DEFAULT 1,
  expires_at         timestamptz NOT NULL,
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cart_pkey PRIMARY KEY (id),
  CONSTRAINT cart_token_unique UNIQUE (token_sha256),
  CONSTRAINT cart_token_length CHECK (octet_length(token_sha256) = 32),
  CONSTRAINT cart_state_known CHECK (state IN ('active', 'completing', 'ordered', 'expired')),
  CONSTRAINT cart_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT cart_country_form CHECK (country ~ '^[A-Z]{2}$'),
  CONSTRAINT cart_email_length CHECK (length(email) <= 254),
  CONSTRAINT cart_shipping_method_exists FOREIGN KEY (shipping_method_id) REFERENCES sales.shipping_method
) WITH (fillfactor = 80);   -- every change of a line touches version and updated_at: HOT updates, since neither is in an index
CREATE UNIQUE INDEX cart_one_active_per_customer ON sales.cart (customer_id)
  WHERE customer_id IS NOT NULL AND state IN ('active', 'completing');
-- expires_at is in this index, so a command that only touches a cart should move it by whole hours at most once an hour.
CREATE INDEX cart_expiry ON sales.cart (expires_at) WHERE state = 'active';

-- No price: the offer has it, always the present one. No foreign key to the variant: it may live in another database.
CREATE TABLE sales.cart_line (
  id         uuid        NOT NULL,
  cart_id    uuid        NOT NULL,
  variant_id uuid        NOT NULL,
  options    jsonb       NOT NULL DEFAULT '{}',   -- the shopper's own wishes (engraving); {} for the plain variant
  quantity   integer     NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cart_line_pkey PRIMARY KEY (id),
  CONSTRAINT cart_line_unique UNIQUE (cart_id, variant_id, options),
  CONSTRAINT cart_line_cart_exists FOREIGN KEY (cart_id) REFERENCES sales.cart ON DELETE CASCADE,
  CONSTRAINT cart_line_quantity_range CHECK (quantity BETWEEN 1 AND 1000)
) WITH (fillfactor = 90);
