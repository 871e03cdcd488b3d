-- Why:   a category that thousands of products are in can be renamed or moved: their pages are rebuilt in small steps by the worker,
--        where one statement over all of them would exceed every time limit and hold their rows meanwhile (0.8 ms a product).
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.

-- Products whose derived rows (0002) are older than what they are derived from.
CREATE TABLE catalogue.waiting_refresh (
  product_id uuid        NOT NULL,
  since      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT waiting_refresh_pkey PRIMARY KEY (product_id)
);

-- Rebuilds a few at once, so that whoever made the change sees it; leaves more to refresh_waiting().
CREATE FUNCTION catalogue.refresh_or_wait(product_ids uuid[], at_once integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(product_ids) <= at_once THEN
    PERFORM catalogue.refresh(product_ids);
  ELSE
    -- DO UPDATE holds a row that waits already: who took it now would rebuild from what this transaction has not committed yet.
    INSERT INTO catalogue.waiting_refresh AS w (product_id) SELECT DISTINCT unnest(product_ids)
    ON CONFLICT (product_id) DO UPDATE SET since = w.since;
  END IF;
END $$;

-- Rebuilds some of those that wait, and says how many. Any number of workers may call it at once.
CREATE FUNCTION catalogue.refresh_waiting(how_many integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  WITH next AS (SELECT product_id FROM catalogue.waiting_refresh ORDER BY product_id LIMIT how_many FOR UPDATE SKIP LOCKED),
       taken AS (DELETE FROM catalogue.waiting_refresh w USING next WHERE w.product_id = next.product_id RETURNING w.product_id)
  SELECT array_agg(product_id ORDER BY product_id) INTO ids FROM taken;
  IF ids IS NULL THEN RETURN 0; END IF;
  PERFORM catalogue.refresh(ids);
  RETURN cardinality(ids);
END $$;
