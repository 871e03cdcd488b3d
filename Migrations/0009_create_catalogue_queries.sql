-- Why:   filtered listings and facets that stay fast whatever the filter selects.
-- Lock:  creates new objects only; nothing that is in use waits.
-- Phase: expand.
--
-- Unfiltered listings are plain prepared statements on the read model's indexes. A filter needs another plan for each selectivity:
-- most products match: walk the order and probe each; few match: fetch them by the index of facets and sort. A prepared statement
-- settles on one plan for all (100 ms for the wrong one at 100,000 products), so these two functions are planned for each call
-- with its values in sight (0.3 ms). Their text is put together from the fragments below and from no value: values are parameters.

-- The filter that both share, as the FROM and WHERE of a select over matching products of one shelf.
-- $1 shelf, $2 currency, $3 facets, $4 and $5 prices from and to: a product matches when its own range meets them.
CREATE FUNCTION catalogue.filter_clause(by_price boolean, by_filter boolean, only_in_stock boolean, driving text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE driving
           WHEN 'price' THEN ' FROM catalogue.product_price l'
           ELSE ' FROM catalogue.product_listing l'
                || CASE WHEN by_price THEN ' JOIN catalogue.product_price m ON m.product_id = l.product_id AND m.category_id = $1 AND m.currency = $2'
                   ELSE '' END
         END
         || CASE WHEN by_filter OR only_in_stock THEN ' JOIN catalogue.product_filter f ON f.product_id = l.product_id' ELSE '' END
         || ' WHERE l.category_id = $1'
         || CASE WHEN driving = 'price' THEN ' AND l.currency = $2' ELSE '' END
         || CASE WHEN by_price THEN replace(' AND ($4 IS NULL OR @.max_amount >= $4) AND ($5 IS NULL OR @.min_amount <= $5)', '@',
                                            CASE driving WHEN 'price' THEN 'l' ELSE 'm' END) ELSE '' END
         || CASE WHEN by_filter THEN ' AND f.facets @@ $3' ELSE '' END
         || CASE WHEN only_in_stock THEN ' AND f.in_stock' ELSE '' END
$$;

-- One page of a filtered listing: ids in order, with the key of the sort for the cursor. The shelf is the nil id for all products.
-- Sort 'price' goes by the lowest price and lists what has one in the currency.
-- A page backwards is asked with descending turned round, and read from its end. after_id null: from the start.
CREATE FUNCTION catalogue.filter_products(
  shelf uuid, currency text, attributes jsonb, price_from bigint, price_to bigint, only_in_stock boolean,
  sort text, descending boolean, after_key text, after_id uuid, how_many integer)
RETURNS TABLE (product_id uuid, created_at timestamptz, title_key text, min_amount bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  wanted tsquery := catalogue.facet_query(attributes);
  by_price boolean := price_from IS NOT NULL OR price_to IS NOT NULL;
  order_key text := CASE sort WHEN 'created_at' THEN 'created_at' WHEN 'title' THEN 'title_key' WHEN 'price' THEN 'min_amount' END;
  key_type text := CASE sort WHEN 'created_at' THEN 'timestamptz' WHEN 'title' THEN 'text' WHEN 'price' THEN 'bigint' END;
  direction text := CASE WHEN descending THEN 'DESC' ELSE 'ASC' END;
BEGIN
  IF order_key IS NULL THEN
    RAISE EXCEPTION 'unknown sort' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN QUERY EXECUTE
    'SELECT l.product_id, '
    || CASE sort WHEN 'created_at' THEN 'l.created_at, NULL::text, NULL::bigint' WHEN 'title' THEN 'NULL::timestamptz, l.title_key::text, NULL::bigint'
                 ELSE 'NULL::timestamptz, NULL::text, l.min_amount' END
    || catalogue.filter_clause(by_price, wanted IS NOT NULL, coalesce(only_in_stock, false), CASE sort WHEN 'price' THEN 'price' ELSE 'listing' END)
    || CASE WHEN after_id IS NULL THEN ''
            ELSE format(' AND (l.%s, l.product_id) %s ($6::%s, $7)', order_key, CASE WHEN descending THEN '<' ELSE '>' END, key_type) END
    || format(' ORDER BY l.%s %s, l.product_id %s LIMIT $8', order_key, direction, direction)
    USING shelf, currency, wanted, price_from, price_to, after_key, after_id, how_many;
END $$;

-- Counts over all products that a filter selects, in one result: kind 'attribute' (name, value), 'category' (id), 'availability'
-- (value in_stock or out) and 'price' (low and high, in the currency).
CREATE FUNCTION catalogue.facets(
  shelf uuid, currency text, attributes jsonb, price_from bigint, price_to bigint, only_in_stock boolean)
RETURNS TABLE (kind text, id uuid, name text, value text, products bigint, low bigint, high bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  wanted tsquery := catalogue.facet_query(attributes);
BEGIN
  RETURN QUERY EXECUTE
    'WITH matched AS MATERIALIZED (SELECT l.product_id'
    || catalogue.filter_clause(price_from IS NOT NULL OR price_to IS NOT NULL, wanted IS NOT NULL, coalesce(only_in_stock, false), 'listing')
    || '), filtered AS MATERIALIZED (SELECT f.in_stock, f.facets FROM matched JOIN catalogue.product_filter f USING (product_id))
        SELECT ''attribute'', NULL::uuid, left(t.token, strpos(t.token, ''='') - 1), substr(t.token, strpos(t.token, ''='') + 1), t.n, NULL::bigint, NULL::bigint
          FROM (SELECT token, count(*) AS n FROM filtered, unnest(tsvector_to_array(facets)) token GROUP BY token) t
        UNION ALL
        SELECT ''category'', c.category_id, NULL, NULL, count(*), NULL, NULL
          FROM matched JOIN catalogue.product_listing c USING (product_id)
         WHERE c.category_id <> ''00000000-0000-0000-0000-000000000000'' GROUP BY c.category_id
        UNION ALL
        SELECT ''availability'', NULL, NULL, CASE WHEN in_stock THEN ''in_stock'' ELSE ''out'' END, count(*), NULL, NULL FROM filtered GROUP BY in_stock
        UNION ALL
        SELECT ''price'', NULL, NULL, NULL, count(*), min(p.min_amount), max(p.max_amount)
          FROM matched JOIN catalogue.product_price p ON p.product_id = matched.product_id AND p.category_id = $1 AND p.currency = $2
         WHERE $2 IS NOT NULL'
    USING shelf, currency, wanted, price_from, price_to;
END $$;

-- How many products a filter selects: count=exact.
CREATE FUNCTION catalogue.count_products(
  shelf uuid, currency text, attributes jsonb, price_from bigint, price_to bigint, only_in_stock boolean)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  wanted tsquery := catalogue.facet_query(attributes);
  n bigint;
BEGIN
  EXECUTE 'SELECT count(*)'
    || catalogue.filter_clause(price_from IS NOT NULL OR price_to IS NOT NULL, wanted IS NOT NULL, coalesce(only_in_stock, false), 'listing')
    INTO n USING shelf, currency, wanted, price_from, price_to;
  RETURN n;
END $$;
