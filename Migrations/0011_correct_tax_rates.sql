-- Why:   three reduced rates have changed since 0008: a shop charges the ones in force on 29 September 2026.
-- Lock:  row locks on three rows of sales.tax_rate; a cart is priced at the new rate the next time it is read.
-- Phase: expand (data).
--
-- FI: 14 % became 13.5 % on 1 January 2026 (Vero Skatt, page of 18 December 2025).
-- LT: 9 % was abolished on 1 January 2026 (law XV-287): books went to 5 %; 12 % is for travel and culture, which nobody ships.
-- SE: food went from 12 % to 6 %, the rate of books, on 1 April 2026, until 31 December 2027 (Prop. 2025/26:55).
-- docs/tax-rates.md has every rate with its source, its date and what could not be verified.

UPDATE sales.tax_rate t
   SET rate_ppm = c.rate_ppm
  FROM (VALUES ('FI', 135000), ('LT', 50000), ('SE', 60000)) c (country, rate_ppm)
 WHERE t.country = c.country AND t.tax_class = 'reduced';
