-- Why:   catalogue and sales can live in two databases: what each may know of the other travels by logical replication.
-- Lock:  ACCESS EXCLUSIVE on catalogue.setting (one row), SHARE ROW EXCLUSIVE on sales.stock_level and catalogue.availability (for a
--        trigger each), all for a moment; the rest creates new objects.
-- Phase: expand.
--
-- Doors: catalogue.offer and catalogue.opening_stock (with the heartbeat) from the catalogue's database to that of sales,
-- catalogue.availability the other way. In one database the same tables are simply read, and the same triggers fire.
-- Rows that replication applies fire row triggers only, and only those enabled for a replica: so each door has one of either kind.

-- Which part of the shop this database holds: set by `shop migrate --role`, before it has any rows.
ALTER TABLE catalogue.setting ADD COLUMN role text NOT NULL DEFAULT 'all'
  CONSTRAINT setting_role_known CHECK (role IN ('all', 'product', 'order'));

-- Written every few seconds by the catalogue's side: how old it is tells how far the subscription is behind.
CREATE TABLE catalogue.heartbeat (
  only_row  boolean     NOT NULL DEFAULT true,
  beaten_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT heartbeat_pkey PRIMARY KEY (only_row),
  CONSTRAINT heartbeat_single CHECK (only_row)
);

-- Door 3: the stock that a variant is born with. The catalogue writes it once, sales books it once.
CREATE TABLE catalogue.opening_stock (
  variant_id  uuid    NOT NULL,
  movement_id uuid    NOT NULL,
  on_hand     integer NOT NULL,
  ref         text    NOT NULL,   -- of the movement that books it
  CONSTRAINT opening_stock_pkey PRIMARY KEY (variant_id),
  CONSTRAINT opening_stock_not_negative CHECK (on_hand >= 0)
);

-- Books at the default location what is not booked yet; availability follows by the triggers of stock_level.
CREATE FUNCTION sales.book_opening_stock(variants uuid[], movements uuid[], counts integer[], refs text[]) RETURNS void
LANGUAGE sql AS $$
  WITH d AS (SELECT d.*, l.id AS location_id
               FROM unnest(variants, movements, counts, refs) d (variant_id, movement_id, on_hand, ref)
               JOIN sales.location l ON l.is_default),
       s AS (INSERT INTO sales.stock_level (variant_id, location_id, on_hand)
             SELECT variant_id, location_id, on_hand FROM d ORDER BY variant_id
             ON CONFLICT DO NOTHING RETURNING variant_id)
  INSERT INTO sales.stock_movement (id, variant_id, location_id, kind, delta, reason, ref)
  SELECT d.movement_id, d.variant_id, d.location_id, 'initial', d.on_hand, 'initial', d.ref FROM d JOIN s USING (variant_id)
$$;

CREATE FUNCTION catalogue.opening_stock_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT role FROM catalogue.setting) <> 'product' THEN
    PERFORM sales.book_opening_stock(array_agg(variant_id), array_agg(movement_id), array_agg(on_hand), array_agg(ref)) FROM opened;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER opening_stock_written AFTER INSERT ON catalogue.opening_stock
  REFERENCING NEW TABLE AS opened FOR EACH STATEMENT EXECUTE FUNCTION catalogue.opening_stock_written();

CREATE FUNCTION catalogue.opening_stock_replicated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sales.book_opening_stock(ARRAY[NEW.variant_id], ARRAY[NEW.movement_id], ARRAY[NEW.on_hand], ARRAY[NEW.ref]);
  RETURN NULL;
END $$;
CREATE TRIGGER opening_stock_replicated AFTER INSERT ON catalogue.opening_stock
  FOR EACH ROW EXECUTE FUNCTION catalogue.opening_stock_replicated();
ALTER TABLE catalogue.opening_stock ENABLE REPLICA TRIGGER opening_stock_replicated;
-- The levels that it makes are made by the replica, and their availability must be told all the same.
ALTER TABLE sales.stock_level ENABLE ALWAYS TRIGGER stock_level_inserted;

-- What 0002 did in the trigger itself, for both kinds of trigger.
CREATE FUNCTION catalogue.show_availability(variants uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  SELECT array_agg(DISTINCT v.product_id ORDER BY v.product_id) INTO ids FROM catalogue.variant v WHERE v.id = ANY (variants);
  IF ids IS NULL THEN RETURN; END IF;
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
END $$;

CREATE OR REPLACE FUNCTION catalogue.availability_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalogue.show_availability(array_agg(variant_id)) FROM changed;
  RETURN NULL;
END $$;

CREATE FUNCTION catalogue.availability_replicated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalogue.show_availability(ARRAY[NEW.variant_id]);
  RETURN NULL;
END $$;
CREATE TRIGGER availability_replicated AFTER INSERT OR UPDATE ON catalogue.availability
  FOR EACH ROW EXECUTE FUNCTION catalogue.availability_replicated();
ALTER TABLE catalogue.availability ENABLE REPLICA TRIGGER availability_replicated;

-- Says which part of the shop this database holds, and publishes its doors. Refuses once there are rows: they would be of the wrong kind.
CREATE FUNCTION catalogue.configure_role(wanted text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM catalogue.setting WHERE role = wanted;
  IF FOUND THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM catalogue.product) OR EXISTS (SELECT FROM sales.cart) OR EXISTS (SELECT FROM sales.stock_level) THEN
    RAISE EXCEPTION 'this database holds the part "%" of a shop and has rows: only an empty one can take another part',
      (SELECT role FROM catalogue.setting) USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  UPDATE catalogue.setting SET role = wanted;
  DROP PUBLICATION IF EXISTS shop_doors;
  IF wanted = 'product' THEN
    CREATE PUBLICATION shop_doors FOR TABLE catalogue.offer, catalogue.opening_stock, catalogue.heartbeat;
  ELSIF wanted = 'order' THEN
    CREATE PUBLICATION shop_doors FOR TABLE catalogue.availability;
  END IF;
  RETURN true;
END $$;
