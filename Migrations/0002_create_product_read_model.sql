-- Why:   what shoppers read: one row a product page, one index walk a listing, and the two doors between catalogue and sales.
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.
--
-- Every table here is derived. A catalogue command changes the tables of 0001 and, as its last statement before COMMIT, calls
-- catalogue.refresh(ids), which rebuilds all that follows for those products. Nothing else writes them, but for availability.

-- Door 1: what sales may know of a variant. A cart line and an order's snapshot need nothing else of the catalogue.
CREATE TABLE catalogue.offer (
  variant_id        uuid    NOT NULL,
  currency          text    NOT NULL,
  product_id        uuid    NOT NULL,
  sku               text    NOT NULL,
  title             text    NOT NULL,   -- the product's
  variant_title     text    NOT NULL,
  options           jsonb   NOT NULL,
  unit_amount       bigint  NOT NULL,   -- minor units
  tax_class         text    NOT NULL,
  weight_g          integer,
  requires_shipping boolean NOT NULL,
  sellable          boolean NOT NULL,   -- false: product not active, or variant archived
  version           bigint  NOT NULL DEFAULT 1,
  CONSTRAINT offer_pkey PRIMARY KEY (variant_id, currency)
);
CREATE INDEX offer_by_product ON catalogue.offer (product_id);

-- Door 2: what the catalogue may know of stock. Sales writes it, and only when a variant crosses a threshold, so that the
-- sale of one unit among many costs the catalogue nothing. No foreign key: the writer may live in another database.
CREATE TABLE catalogue.availability (
  variant_id uuid   NOT NULL,
  state      text   NOT NULL,
  version    bigint NOT NULL DEFAULT 1,
  CONSTRAINT availability_pkey PRIMARY KEY (variant_id),
  CONSTRAINT availability_state_known CHECK (state IN ('in_stock', 'low', 'out', 'backorder'))
) WITH (fillfactor = 80);

-- All that a product page shows, assembled from the tables: the one definition of what product_snapshot holds.
-- Arrays of variants run parallel, in the order (position, id). Prices are a matrix, variant by variant, one column a currency.
CREATE VIEW catalogue.product_page AS
SELECT p.id AS product_id, p.handle, p.title, p.description, p.status, p.attributes::text AS attributes, p.version,
       p.created_at, p.updated_at,
       o.option_names, o.option_values,
       c.category_ids, c.category_handles, c.category_titles,
       m.media_urls, m.media_alts,
       v.variant_ids, v.skus, v.variant_titles, v.variant_options, v.tax_classes, v.requires_shipping, v.weights, v.barcodes,
       u.price_currencies, a.price_amounts, a.price_compare_ats,
       v.availability
  FROM catalogue.product p
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(name ORDER BY position), '{}') AS option_names,
           coalesce(array_agg(to_json("values")::text ORDER BY position), '{}') AS option_values
      FROM catalogue.product_option WHERE product_id = p.id) o
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(s.id), '{}') AS category_ids, coalesce(array_agg(s.handle), '{}') AS category_handles,
           coalesce(array_agg(s.title), '{}') AS category_titles
      FROM (SELECT k.id, k.handle, k.title FROM catalogue.product_category pc JOIN catalogue.category k ON k.id = pc.category_id
             WHERE pc.product_id = p.id ORDER BY pc.position, k.id) s) c
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(url ORDER BY position), '{}') AS media_urls, coalesce(array_agg(alt ORDER BY position), '{}') AS media_alts
      FROM catalogue.media WHERE product_id = p.id) m
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(s.id), '{}') AS variant_ids, coalesce(array_agg(s.sku), '{}') AS skus,
           coalesce(array_agg(s.title), '{}') AS variant_titles, coalesce(array_agg(s.options::text), '{}') AS variant_options,
           coalesce(array_agg(s.tax_class), '{}') AS tax_classes, coalesce(array_agg(s.requires_shipping), '{}') AS requires_shipping,
           coalesce(array_agg(s.weight_g), '{}') AS weights, coalesce(array_agg(s.barcode), '{}') AS barcodes,
           coalesce(string_agg(s.letter, ''), '') AS availability
      FROM (SELECT w.*, coalesce(left(x.state, 1), 'o') AS letter
              FROM catalogue.variant w LEFT JOIN catalogue.availability x ON x.variant_id = w.id
             WHERE w.product_id = p.id AND w.archived_at IS NULL ORDER BY w.position, w.id) s) v
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(s.currency), '{}') AS price_currencies
      FROM (SELECT DISTINCT r.currency FROM catalogue.price r WHERE r.variant_id = ANY (v.variant_ids) ORDER BY 1) s) u
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(r.amount ORDER BY i.n, k.n), '{}') AS price_amounts,
           coalesce(array_agg(r.compare_at_amount ORDER BY i.n, k.n), '{}') AS price_compare_ats
      FROM unnest(v.variant_ids) WITH ORDINALITY AS i (id, n)
     CROSS JOIN unnest(u.price_currencies) WITH ORDINALITY AS k (currency, n)
      LEFT JOIN catalogue.price r ON r.variant_id = i.id AND r.currency = k.currency) a;

-- One row a product, any status: the public reads add status = 'active'.
--
-- body holds the product's eighteen arrays as ONE value: PostgreSQL's own binary form of a row (record_send: column count, then
-- type, length and bytes of each). The same arrays as eighteen columns cost the server 15.2 µs a product and 105 µs a page of 20
-- (each array is taken apart and sent element by element, and each column looks up its type's functions anew in every query);
-- as one value that is copied through, 10.6 µs and 50 µs. Read it with SELECT … FROM catalogue.product_page when a human asks.
CREATE TABLE catalogue.product_snapshot (
  product_id   uuid        NOT NULL,
  handle       text        NOT NULL,
  status       text        NOT NULL,
  version      bigint      NOT NULL,             -- of the product
  revision     bigint      NOT NULL DEFAULT 1,   -- grows with every change that a shopper can see, availability included: the ETag
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  title        text        NOT NULL,
  description  text        NOT NULL,
  attributes   text        NOT NULL,             -- JSON
  availability text        NOT NULL,             -- a letter a variant, in their order: i(n_stock) l(ow) o(ut) b(ackorder)
  body         bytea       NOT NULL,
  CONSTRAINT product_snapshot_pkey PRIMARY KEY (product_id),
  CONSTRAINT product_snapshot_handle_unique UNIQUE (handle)
-- A tenth of each page stays free, so a change of availability is a HOT update; rows up to 8 kB stay in line.
) WITH (fillfactor = 90, toast_tuple_target = 8160);
ALTER TABLE catalogue.product_snapshot ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN description SET STORAGE EXTERNAL;

-- A row for each (shelf, active product): a shelf is a category that the product is in, each ancestor of one, or all products
-- (the nil id). So "category with its descendants" is one equality, and each sort is one range of one index: page 4,000 costs
-- what page 1 costs.
CREATE TABLE catalogue.product_listing (
  category_id uuid        NOT NULL,
  product_id  uuid        NOT NULL,
  created_at  timestamptz NOT NULL,
  title_key   text        COLLATE "C" NOT NULL,   -- lower case; bytewise, so a new ICU version cannot corrupt the index
  CONSTRAINT product_listing_pkey PRIMARY KEY (product_id, category_id)
);
CREATE INDEX product_listing_by_age ON catalogue.product_listing (category_id, created_at, product_id);
CREATE INDEX product_listing_by_title ON catalogue.product_listing (category_id, title_key, product_id);

-- The same shelves once a currency: the lowest price sorts and filters, the highest closes the range.
CREATE TABLE catalogue.product_price (
  category_id uuid   NOT NULL,
  currency    text   COLLATE "C" NOT NULL,
  product_id  uuid   NOT NULL,
  min_amount  bigint NOT NULL,
  max_amount  bigint NOT NULL,
  CONSTRAINT product_price_pkey PRIMARY KEY (product_id, category_id, currency)
);
CREATE INDEX product_price_by_amount ON catalogue.product_price (category_id, currency, min_amount, product_id);

-- What filters ask of an active product, in a narrow row: a walk along an order probes it some hundred times a page.
CREATE TABLE catalogue.product_filter (
  product_id uuid     NOT NULL,
  in_stock   boolean  NOT NULL,   -- in no index, so that a product that sells out is a HOT update
  facets     tsvector NOT NULL,   -- lexemes 'name=value', one an attribute value; asked by catalogue.facet_query()
  CONSTRAINT product_filter_pkey PRIMARY KEY (product_id)
) WITH (fillfactor = 80);
CREATE INDEX product_filter_by_facet ON catalogue.product_filter USING gin (facets);

CREATE TABLE catalogue.product_search (
  product_id uuid     NOT NULL,
  document   tsvector NOT NULL,   -- title and SKUs weigh A, attributes B, description C
  CONSTRAINT product_search_pkey PRIMARY KEY (product_id)
);
CREATE INDEX product_search_by_word ON catalogue.product_search USING gin (document);

-- 'color=red' for each value of each attribute; the values of an array count one by one.
CREATE FUNCTION catalogue.facets_of(attributes jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT left(e.key || '=' || v.value, 1000)), '{}')
    FROM jsonb_each(attributes) e
   CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(e.value) WHEN 'array' THEN e.value ELSE jsonb_build_array(e.value) END) v (value)
   WHERE v.value IS NOT NULL AND v.value <> ''
$$;

-- {"color": ["red", "blue"], "fit": ["slim"]} → ('color=red' | 'color=blue') & 'fit=slim'. An empty object is NULL: no filter.
CREATE FUNCTION catalogue.facet_query(filter jsonb) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(q.any_value, ' & ')::tsquery
    FROM (SELECT '(' || string_agg('''' || replace(replace(left(e.key || '=' || v.value, 1000), '\', '\\'), '''', '''''') || '''', ' | ') || ')' AS any_value
            FROM jsonb_each(filter) e CROSS JOIN LATERAL jsonb_array_elements_text(e.value) v (value)
           GROUP BY e.key) q
$$;

-- The shelves that a product stands on; none unless it is active.
CREATE VIEW catalogue.product_shelf AS
SELECT p.id AS product_id, s.category_id
  FROM catalogue.product p
 CROSS JOIN LATERAL (
    SELECT '00000000-0000-0000-0000-000000000000'::uuid AS category_id
    UNION
    SELECT unnest(k.ancestors || k.id)
      FROM catalogue.product_category pc JOIN catalogue.category k ON k.id = pc.category_id WHERE pc.product_id = p.id) s
 WHERE p.status = 'active';

-- Rebuilds all derived rows of these products, and only rows that change are written. Call it once a command, last, with each id once.
CREATE FUNCTION catalogue.refresh(product_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- The order of ids, always: two refreshes, or a refresh and a threshold crossing, then wait for each other instead of deadlocking.
  -- Locked before anything is read, so that what the next statement reads of availability is newer than the lock.
  PERFORM 1 FROM catalogue.product_snapshot s WHERE s.product_id = ANY (product_ids) ORDER BY s.product_id FOR UPDATE;

  INSERT INTO catalogue.product_snapshot AS s
         (product_id, handle, status, version, created_at, updated_at, title, description, attributes, availability, body)
  SELECT p.product_id, p.handle, p.status, p.version, p.created_at, p.updated_at, p.title, p.description, p.attributes, p.availability,
         record_send(ROW(p.option_names, p.option_values, p.category_ids, p.category_handles, p.category_titles, p.media_urls, p.media_alts,
                         p.variant_ids, p.skus, p.variant_titles, p.variant_options, p.tax_classes, p.requires_shipping, p.weights,
                         p.barcodes, p.price_currencies, p.price_amounts, p.price_compare_ats))
    FROM unnest(product_ids) r (id) JOIN catalogue.product_page p ON p.product_id = r.id
   ORDER BY p.product_id
  ON CONFLICT (product_id) DO UPDATE
     SET handle = excluded.handle, status = excluded.status, version = excluded.version, revision = s.revision + 1,
         created_at = excluded.created_at, updated_at = excluded.updated_at, title = excluded.title, description = excluded.description,
         attributes = excluded.attributes, availability = excluded.availability, body = excluded.body;

  -- Rows that stay the same are not rewritten: a changed price leaves the listing alone, a changed text leaves the prices alone.
  DELETE FROM catalogue.product_listing l USING unnest(product_ids) r (id)
   WHERE l.product_id = r.id
     AND NOT EXISTS (SELECT FROM catalogue.product_shelf h WHERE h.product_id = l.product_id AND h.category_id = l.category_id);
  INSERT INTO catalogue.product_listing AS l (category_id, product_id, created_at, title_key)
  SELECT h.category_id, p.id, p.created_at, lower(left(p.title, 200))
    FROM unnest(product_ids) r (id) JOIN catalogue.product p ON p.id = r.id JOIN catalogue.product_shelf h ON h.product_id = p.id
  ON CONFLICT (product_id, category_id) DO UPDATE SET created_at = excluded.created_at, title_key = excluded.title_key
   WHERE (l.created_at, l.title_key) IS DISTINCT FROM (excluded.created_at, excluded.title_key);

  DELETE FROM catalogue.product_price l USING unnest(product_ids) r (id)
   WHERE l.product_id = r.id
     AND (NOT EXISTS (SELECT FROM catalogue.product_shelf h WHERE h.product_id = l.product_id AND h.category_id = l.category_id)
          OR NOT EXISTS (SELECT FROM catalogue.variant v JOIN catalogue.price c ON c.variant_id = v.id
                          WHERE v.product_id = l.product_id AND v.archived_at IS NULL AND c.currency = l.currency));
  INSERT INTO catalogue.product_price AS l (category_id, currency, product_id, min_amount, max_amount)
  SELECT h.category_id, m.currency, r.id, m.low, m.high
    FROM unnest(product_ids) r (id)
   CROSS JOIN LATERAL (SELECT c.currency, min(c.amount) AS low, max(c.amount) AS high
                         FROM catalogue.variant v JOIN catalogue.price c ON c.variant_id = v.id
                        WHERE v.product_id = r.id AND v.archived_at IS NULL GROUP BY c.currency) m
    JOIN catalogue.product_shelf h ON h.product_id = r.id
  ON CONFLICT (product_id, category_id, currency) DO UPDATE SET min_amount = excluded.min_amount, max_amount = excluded.max_amount
   WHERE (l.min_amount, l.max_amount) IS DISTINCT FROM (excluded.min_amount, excluded.max_amount);

  DELETE FROM catalogue.product_filter f USING catalogue.product p
   WHERE p.id = ANY (product_ids) AND p.status <> 'active' AND f.product_id = p.id;
  INSERT INTO catalogue.product_filter AS f (product_id, in_stock, facets)
  SELECT p.id, s.availability ~ '[^o]', array_to_tsvector(catalogue.facets_of(p.attributes))
    FROM unnest(product_ids) r (id) JOIN catalogue.product p ON p.id = r.id JOIN catalogue.product_snapshot s ON s.product_id = p.id
   WHERE p.status = 'active'
  ON CONFLICT (product_id) DO UPDATE SET in_stock = excluded.in_stock, facets = excluded.facets
   WHERE (f.in_stock, f.facets) IS DISTINCT FROM (excluded.in_stock, excluded.facets);

  DELETE FROM catalogue.product_search f USING catalogue.product p
   WHERE p.id = ANY (product_ids) AND p.status <> 'active' AND f.product_id = p.id;
  INSERT INTO catalogue.product_search AS f (product_id, document)
  SELECT p.id, setweight(to_tsvector(t.text_search, p.title), 'A')
               || setweight(to_tsvector(t.text_search, coalesce(v.skus, '')), 'A')
               || setweight(to_tsvector(t.text_search, coalesce(a.words, '')), 'B')
               || setweight(to_tsvector(t.text_search, p.description), 'C')
    FROM unnest(product_ids) r (id) JOIN catalogue.product p ON p.id = r.id
   CROSS JOIN catalogue.setting t
   CROSS JOIN LATERAL (SELECT string_agg(sku, ' ') AS skus FROM catalogue.variant WHERE product_id = p.id AND archived_at IS NULL) v
   CROSS JOIN LATERAL (SELECT string_agg(substr(x, strpos(x, '=') + 1), ' ') AS words FROM unnest(catalogue.facets_of(p.attributes)) x) a
   WHERE p.status = 'active'
  ON CONFLICT (product_id) DO UPDATE SET document = excluded.document WHERE f.document IS DISTINCT FROM excluded.document;

  DELETE FROM catalogue.offer o USING unnest(product_ids) r (id)
   WHERE o.product_id = r.id
     AND NOT EXISTS (SELECT FROM catalogue.price c WHERE c.variant_id = o.variant_id AND c.currency = o.currency);
  INSERT INTO catalogue.offer AS o (variant_id, currency, product_id, sku, title, variant_title, options, unit_amount, tax_class,
                                    weight_g, requires_shipping, sellable)
  SELECT v.id, c.currency, p.id, v.sku, p.title, v.title, v.options, c.amount, v.tax_class, v.weight_g, v.requires_shipping,
         p.status = 'active' AND v.archived_at IS NULL
    FROM unnest(product_ids) r (id) JOIN catalogue.product p ON p.id = r.id
    JOIN catalogue.variant v ON v.product_id = p.id JOIN catalogue.price c ON c.variant_id = v.id
  ON CONFLICT (variant_id, currency) DO UPDATE
     SET product_id = excluded.product_id, sku = excluded.sku, title = excluded.title, variant_title = excluded.variant_title,
         options = excluded.options, unit_amount = excluded.unit_amount, tax_class = excluded.tax_class, weight_g = excluded.weight_g,
         requires_shipping = excluded.requires_shipping, sellable = excluded.sellable, version = o.version + 1
   WHERE (o.product_id, o.sku, o.title, o.variant_title, o.options, o.unit_amount, o.tax_class, o.weight_g, o.requires_shipping, o.sellable)
      IS DISTINCT FROM (excluded.product_id, excluded.sku, excluded.title, excluded.variant_title, excluded.options, excluded.unit_amount,
                        excluded.tax_class, excluded.weight_g, excluded.requires_shipping, excluded.sellable);
END $$;

-- Changes the language of the search and rebuilds every document, when it differs; the program calls it at migrate.
CREATE FUNCTION catalogue.configure_search(config regconfig) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalogue.setting SET text_search = config WHERE text_search <> config;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM catalogue.refresh(array_agg(id ORDER BY id)) FROM catalogue.product;
  RETURN true;
END $$;

-- What a shopper typed, as a query in the language of the documents.
CREATE FUNCTION catalogue.search_query(words text) RETURNS tsquery LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery(text_search, words) FROM catalogue.setting
$$;

-- The products whose pages or listings show a category: pass them to refresh() after it is renamed or moved.
CREATE FUNCTION catalogue.products_under(category uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT pc.product_id), '{}')
    FROM catalogue.category k JOIN catalogue.product_category pc ON pc.category_id = k.id
   WHERE k.id = category OR k.ancestors @> ARRAY[category]
$$;

-- A variant crossed a threshold: its product's letters, and whether the product is in stock at all. Runs in the transaction that
-- moved the stock, which holds those stock rows already; lock order everywhere: stock → availability → snapshot.
CREATE FUNCTION catalogue.availability_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  SELECT array_agg(DISTINCT v.product_id ORDER BY v.product_id) INTO ids FROM changed c JOIN catalogue.variant v ON v.id = c.variant_id;
  IF ids IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM catalogue.product_snapshot s WHERE s.product_id = ANY (ids) ORDER BY s.product_id FOR UPDATE;
  UPDATE catalogue.product_snapshot s SET availability = n.letters, revision = s.revision + 1
    FROM unnest(ids) r (id)
   CROSS JOIN LATERAL (SELECT coalesce(string_agg(x.letter, ''), '') AS letters
                         FROM (SELECT coalesce(left(a.state, 1), 'o') AS letter
                                 FROM catalogue.variant w LEFT JOIN catalogue.availability a ON a.variant_id = w.id
                                WHERE w.product_id = r.id AND w.archived_at IS NULL ORDER BY w.position, w.id) x) n
   WHERE s.product_id = r.id AND s.availability <> n.letters;
  UPDATE catalogue.product_filter f SET in_stock = s.availability ~ '[^o]'
    FROM catalogue.product_snapshot s
   WHERE s.product_id = ANY (ids) AND f.product_id = s.product_id AND f.in_stock <> (s.availability ~ '[^o]');
  RETURN NULL;
END $$;
CREATE TRIGGER availability_inserted AFTER INSERT ON catalogue.availability
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue.availability_changed();
CREATE TRIGGER availability_updated AFTER UPDATE ON catalogue.availability
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue.availability_changed();
