-- Cases of the rule for migrations in scripts.yaml.
CREATE TABLE example (
  -- # ruleid: migration-money-is-whole
  total_amount double precision,
  -- # ruleid: migration-money-is-whole
  price numeric,
  -- # ok: migration-money-is-whole
  shipping_amount bigint,
  -- # ok: migration-money-is-whole
  rate numeric
);
