-- Why:   a hundred lines a cart, also when lines are added at the same moment: each counted before the other was there.
-- Lock:  SHARE ROW EXCLUSIVE on sales.cart_line for a moment.
-- Phase: expand.
--
-- Whoever adds a line has locked the cart, so by the time this counts, the lines of those before are committed and seen.

CREATE FUNCTION sales.cart_line_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM sales.cart_line l WHERE l.cart_id = NEW.cart_id) > 100 THEN
    RAISE EXCEPTION 'the cart is full' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cart_line_bound';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cart_line_bound AFTER INSERT ON sales.cart_line FOR EACH ROW EXECUTE FUNCTION sales.cart_line_bound();
