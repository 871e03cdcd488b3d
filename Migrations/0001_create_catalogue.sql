-- Why:   what the shop sells: products with options, variants and prices, the category tree, media.
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.
--
-- These tables are the truth that admin writes change. Shoppers never read them: 0002 keeps a read model beside them.
-- A constraint's name is a contract: the program maps it to a refusal (README.md in this folder), so renaming one breaks it.

CREATE SCHEMA catalogue;

CREATE TABLE catalogue.setting (
  only_row    boolean   NOT NULL DEFAULT true,
  text_search regconfig NOT NULL DEFAULT 'pg_catalog.english',
  CONSTRAINT setting_pkey PRIMARY KEY (only_row),
  CONSTRAINT setting_single CHECK (only_row)
);
COMMENT ON TABLE catalogue.setting IS 'One row. Change text_search through catalogue.configure_search(), which rebuilds the documents.';
INSERT INTO catalogue.setting DEFAULT VALUES;

CREATE TABLE catalogue.category (
  id         uuid        NOT NULL,
  parent_id  uuid,
  ancestors  uuid[]      NOT NULL DEFAULT '{}',   -- root first, the parent last; kept by category_place()
  handle     text        NOT NULL,
  title      text        NOT NULL,
  position   integer     NOT NULL DEFAULT 0,
  version    bigint      NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT category_pkey PRIMARY KEY (id),
  CONSTRAINT category_handle_unique UNIQUE (handle),
  CONSTRAINT category_handle_form CHECK (handle ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(handle) <= 200),
  CONSTRAINT category_title_length CHECK (length(title) BETWEEN 1 AND 200),
  CONSTRAINT category_parent_exists FOREIGN KEY (parent_id) REFERENCES catalogue.category,
  -- A category among its own ancestors is a cycle. category_place() serialises moves, so two of them cannot build one together.
  CONSTRAINT category_no_cycle CHECK (NOT id = ANY (ancestors) AND parent_id IS DISTINCT FROM id),
  CONSTRAINT category_depth CHECK (cardinality(ancestors) <= 7)
);
CREATE INDEX category_by_parent ON catalogue.category (parent_id);
CREATE INDEX category_by_ancestor ON catalogue.category USING gin (ancestors);

CREATE FUNCTION catalogue.category_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- One move at a time: two moves that each look legal could otherwise close a cycle between them.
  PERFORM pg_advisory_xact_lock(hashtextextended('catalogue.category', 0));
  IF NEW.parent_id IS NULL THEN
    NEW.ancestors := '{}';
  ELSE
    SELECT ancestors || id INTO NEW.ancestors FROM catalogue.category WHERE id = NEW.parent_id;
    NEW.ancestors := coalesce(NEW.ancestors, ARRAY[NEW.parent_id]);   -- an unknown parent is for category_parent_exists to refuse
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER category_place BEFORE INSERT OR UPDATE OF parent_id ON catalogue.category
  FOR EACH ROW EXECUTE FUNCTION catalogue.category_place();

CREATE FUNCTION catalogue.category_carry_descendants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue.category
     SET ancestors = NEW.ancestors || ancestors[array_position(ancestors, NEW.id):]
   WHERE ancestors @> ARRAY[NEW.id];
  RETURN NULL;
END $$;
CREATE TRIGGER category_carry_descendants AFTER UPDATE OF parent_id ON catalogue.category
  FOR EACH ROW WHEN (OLD.ancestors IS DISTINCT FROM NEW.ancestors) EXECUTE FUNCTION catalogue.category_carry_descendants();

CREATE TABLE catalogue.product (
  id          uuid        NOT NULL,
  handle      text        NOT NULL,
  title       text        NOT NULL,
  description text        NOT NULL DEFAULT '',
  status      text        NOT NULL DEFAULT 'draft',
  attributes  jsonb       NOT NULL DEFAULT '{}',   -- {"color": "red", "fit": ["slim", "tall"]}
  external_id text,                                -- the importer's key: a second import of a file finds its products by it
  version     bigint      NOT NULL DEFAULT 1,      -- the admin's ETag
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT product_pkey PRIMARY KEY (id),
  CONSTRAINT product_handle_unique UNIQUE (handle),
  CONSTRAINT product_external_id_unique UNIQUE (external_id),
  CONSTRAINT product_handle_form CHECK (handle ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(handle) <= 200),
  CONSTRAINT product_title_length CHECK (length(title) BETWEEN 1 AND 300),
  CONSTRAINT product_description_length CHECK (length(description) <= 20000),
  CONSTRAINT product_status_known CHECK (status IN ('draft', 'active', 'archived')),
  CONSTRAINT product_attributes_object CHECK (jsonb_typeof(attributes) = 'object')
);
CREATE INDEX product_by_age ON catalogue.product (created_at, id);   -- the admin's list, drafts included

CREATE TABLE catalogue.product_option (
  product_id uuid     NOT NULL,
  position   smallint NOT NULL,
  name       text     NOT NULL,
  "values"   text[]   NOT NULL,
  CONSTRAINT product_option_pkey PRIMARY KEY (product_id, position),
  CONSTRAINT product_option_name_unique UNIQUE (product_id, name),
  CONSTRAINT product_option_product_exists FOREIGN KEY (product_id) REFERENCES catalogue.product ON DELETE CASCADE,
  CONSTRAINT product_option_count CHECK (position BETWEEN 0 AND 4),
  CONSTRAINT product_option_values_present CHECK (cardinality("values") BETWEEN 1 AND 100)
);

CREATE TABLE catalogue.variant (
  id                uuid        NOT NULL,
  product_id        uuid        NOT NULL,
  position          integer     NOT NULL DEFAULT 0,
  sku               text        NOT NULL,
  title             text        NOT NULL,
  options           jsonb       NOT NULL DEFAULT '{}',   -- {"size": "S"}: one value an option of the product
  tax_class         text        NOT NULL DEFAULT 'standard',
  requires_shipping boolean     NOT NULL DEFAULT true,
  weight_g          integer,
  barcode           text,
  archived_at       timestamptz,                         -- taken off sale; the row stays, since carts and orders name it
  CONSTRAINT variant_pkey PRIMARY KEY (id),
  CONSTRAINT variant_sku_unique UNIQUE (sku),
  CONSTRAINT variant_options_unique UNIQUE (product_id, options),
  CONSTRAINT variant_product_exists FOREIGN KEY (product_id) REFERENCES catalogue.product ON DELETE CASCADE,
  CONSTRAINT variant_sku_length CHECK (length(sku) BETWEEN 1 AND 100),
  CONSTRAINT variant_title_length CHECK (length(title) BETWEEN 1 AND 300),
  CONSTRAINT variant_options_object CHECK (jsonb_typeof(options) = 'object'),
  CONSTRAINT variant_tax_class_known CHECK (tax_class IN ('standard', 'reduced', 'zero')),
  CONSTRAINT variant_weight_not_negative CHECK (weight_g >= 0)
);

CREATE TABLE catalogue.price (
  variant_id        uuid   NOT NULL,
  currency          text   NOT NULL,
  amount            bigint NOT NULL,   -- minor units of the currency
  compare_at_amount bigint,
  CONSTRAINT price_pkey PRIMARY KEY (variant_id, currency),
  CONSTRAINT price_variant_exists FOREIGN KEY (variant_id) REFERENCES catalogue.variant ON DELETE CASCADE,
  CONSTRAINT price_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
  -- 10^12 minor units × 1,000 pieces × 100 lines stays below 2^63, and one price below 2^53, which JSON readers keep exact.
  CONSTRAINT price_amount_range CHECK (amount BETWEEN 0 AND 1000000000000),
  CONSTRAINT price_compare_at_range CHECK (compare_at_amount BETWEEN 0 AND 1000000000000)
);

CREATE TABLE catalogue.product_category (
  product_id  uuid     NOT NULL,
  category_id uuid     NOT NULL,
  position    smallint NOT NULL DEFAULT 0,   -- the first is the product's main one
  CONSTRAINT product_category_pkey PRIMARY KEY (product_id, category_id),
  CONSTRAINT product_category_product_exists FOREIGN KEY (product_id) REFERENCES catalogue.product ON DELETE CASCADE,
  CONSTRAINT product_category_category_exists FOREIGN KEY (category_id) REFERENCES catalogue.category
);
CREATE INDEX product_category_by_category ON catalogue.product_category (category_id);

CREATE TABLE catalogue.media (
  product_id uuid     NOT NULL,
  position   smallint NOT NULL,
  url        text     NOT NULL,
  alt        text,
  CONSTRAINT media_pkey PRIMARY KEY (product_id, position),
  CONSTRAINT media_product_exists FOREIGN KEY (product_id) REFERENCES catalogue.product ON DELETE CASCADE,
  CONSTRAINT media_url_length CHECK (length(url) BETWEEN 1 AND 2000)
);
