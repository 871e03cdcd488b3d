-- Why:   a new shop can quote shipping at once. Plausible flat rates, not those of a carrier: replace them with your own.
-- Lock:  inserts into tables of 0003 only; row locks.
-- Phase: expand (data).

INSERT INTO sales.shipping_zone (id, title) VALUES
  ('us', 'United States'), ('ca', 'Canada'), ('gb', 'United Kingdom'), ('eu', 'European Union and neighbours'), ('world', 'Rest of the world');

INSERT INTO sales.shipping_zone_country (country, zone_id)
SELECT country, 'eu' FROM unnest(string_to_array('AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE CH NO IS LI', ' ')) country
UNION ALL VALUES ('US', 'us'), ('CA', 'ca'), ('GB', 'gb');

INSERT INTO sales.shipping_method (id, title, position) VALUES ('standard', 'Standard', 0), ('express', 'Express', 1);

-- Base rates in US cents by band, carried into the other currencies by a rough factor in their minor units (mostly 10^-2; JPY 1, KWD 10^-3)
-- and rounded to what a price list would print.
INSERT INTO sales.shipping_rate (zone_id, method_id, currency, up_to_g, amount)
SELECT z.zone_id, b.method_id, c.currency, b.up_to_g, round(b.cents * z.factor * c.factor / c.step) * c.step
  FROM (VALUES ('us', 1.0), ('gb', 1.0), ('eu', 1.2), ('ca', 1.6), ('world', 3.0)) z (zone_id, factor)
 CROSS JOIN (VALUES ('standard', 2000, 500), ('standard', 10000, 900), ('standard', 30000, 1900),
                    ('express', 2000, 1500), ('express', 10000, 2500)) b (method_id, up_to_g, cents)
 CROSS JOIN (VALUES ('USD', 1.0, 10), ('EUR', 1.0, 10), ('GBP', 0.8, 10), ('CAD', 1.4, 10), ('AUD', 1.5, 10), ('NZD', 1.7, 10),
                    ('CHF', 1.0, 10), ('SEK', 10.0, 100), ('NOK', 10.0, 100), ('DKK', 7.0, 100), ('PLN', 4.0, 10), ('CZK', 23.0, 100),
                    ('HUF', 360.0, 1000), ('RON', 4.6, 10), ('JPY', 1.5, 10), ('KWD', 3.0, 50), ('SGD', 1.3, 10), ('INR', 85.0, 100)) c (currency, factor, step);
