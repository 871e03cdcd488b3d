-- Why:   a new shop can tax a sale at once, in 43 countries and two classes each (and 'zero', which is 0 everywhere).
-- Lock:  inserts into tables of 0003 only; row locks.
-- Phase: expand (data).
--
-- State of 1 August 2025. Rates change: a shop checks its own with its adviser and updates the rows; nothing in the program knows one.
-- Sources: EU: European Commission, "VAT rates applied in the Member States" / Taxes in Europe Database, with Estonia at 24 % (from
-- 1 July 2025) and Romania at 21 / 11 % (from 1 August 2025); compared with the tables of easytax.co and vat-solutions.com for 2025.
-- GB: GOV.UK, "VAT rates". CH, LI: Federal Tax Administration, rates since 1 January 2024. NO: Skatteetaten. IS: Skatturinn.
-- TR: Gelir İdaresi Başkanlığı, rates since 10 July 2023. AU: ATO. NZ: Inland Revenue. JP: National Tax Agency, rates since
-- 1 October 2019. SG: IRAS, since 1 January 2024. KR, AE, ZA, MX: their revenue authorities. CA: Canada Revenue Agency, "Charge and
-- collect the tax – Which rate to charge" (Nova Scotia 14 % since 1 April 2025), with PST and QST of the provinces beside GST.
-- US: state rates by the states' revenue departments, as the Federation of Tax Administrators lists them for 2025.
--
-- 'reduced' is one rate a country, although many have several: the one that most groceries or books fall under. Where there is
-- none (Denmark) it equals the standard rate, so that a class chosen for another country never under-collects.

-- inclusive: consumers see prices with tax. Japan, Australia, New Zealand, Singapore and the like require it by law.
INSERT INTO sales.tax_rate (country, tax_class, rate_ppm, inclusive, title)
SELECT r.country, c.tax_class, CASE c.tax_class WHEN 'standard' THEN r.standard * 10000 WHEN 'reduced' THEN r.reduced * 10000 ELSE 0 END, r.inclusive, r.title
  FROM (VALUES
    ('AT', 20, 10, true, 'VAT'), ('BE', 21, 6, true, 'VAT'), ('BG', 20, 9, true, 'VAT'), ('HR', 25, 5, true, 'VAT'),
    ('CY', 19, 5, true, 'VAT'), ('CZ', 21, 12, true, 'VAT'), ('DK', 25, 25, true, 'VAT'), ('EE', 24, 9, true, 'VAT'),
    ('FI', 25.5, 14, true, 'VAT'), ('FR', 20, 5.5, true, 'VAT'), ('DE', 19, 7, true, 'VAT'), ('GR', 24, 13, true, 'VAT'),
    ('HU', 27, 18, true, 'VAT'), ('IE', 23, 13.5, true, 'VAT'), ('IT', 22, 10, true, 'VAT'), ('LV', 21, 12, true, 'VAT'),
    ('LT', 21, 9, true, 'VAT'), ('LU', 17, 8, true, 'VAT'), ('MT', 18, 5, true, 'VAT'), ('NL', 21, 9, true, 'VAT'),
    ('PL', 23, 5, true, 'VAT'), ('PT', 23, 6, true, 'VAT'), ('RO', 21, 11, true, 'VAT'), ('SK', 23, 19, true, 'VAT'),
    ('SI', 22, 9.5, true, 'VAT'), ('ES', 21, 10, true, 'VAT'), ('SE', 25, 12, true, 'VAT'),
    ('GB', 20, 5, true, 'VAT'), ('CH', 8.1, 2.6, true, 'VAT'), ('LI', 8.1, 2.6, true, 'VAT'), ('NO', 25, 15, true, 'VAT'),
    ('IS', 24, 11, true, 'VAT'), ('TR', 20, 10, true, 'KDV'),
    ('AU', 10, 0, true, 'GST'), ('NZ', 15, 15, true, 'GST'), ('JP', 10, 8, true, 'Consumption tax'), ('SG', 9, 9, true, 'GST'),
    ('KR', 10, 10, true, 'VAT'), ('AE', 5, 5, true, 'VAT'), ('ZA', 15, 15, true, 'VAT'), ('MX', 16, 16, true, 'IVA'),
    -- Canada has no reduced rate; basic groceries, its nearest class, are zero-rated.
    ('CA', 5, 0, false, 'GST'),
    -- The United States have no federal sales tax. This row prices a cart whose state is not known yet: the 8.25 % that Texas allows
    -- at most (6.25 % state, 2 % local), so that a total rarely rises once the address is given.
    ('US', 8.25, 8.25, false, 'Sales tax')
  ) r (country, standard, reduced, inclusive, title)
 CROSS JOIN (VALUES ('standard'), ('reduced'), ('zero')) c (tax_class);

-- Provinces: HST, or GST with the provincial tax. Groceries are zero-rated in all.
INSERT INTO sales.tax_region_rate (country, region, tax_class, rate_ppm, title)
SELECT 'CA', r.region, c.tax_class, CASE c.tax_class WHEN 'standard' THEN r.rate * 10000 ELSE 0 END, r.title
  FROM (VALUES ('AB', 5, 'GST'), ('BC', 12, 'GST + PST'), ('MB', 12, 'GST + RST'), ('NB', 15, 'HST'), ('NL', 15, 'HST'), ('NS', 14, 'HST'),
               ('NT', 5, 'GST'), ('NU', 5, 'GST'), ('ON', 13, 'HST'), ('PE', 15, 'HST'), ('QC', 14.975, 'GST + QST'),
               ('SK', 11, 'GST + PST'), ('YT', 5, 'GST')) r (region, rate, title)
 CROSS JOIN (VALUES ('standard'), ('reduced'), ('zero')) c (tax_class);

-- States: the rate that holds all over the state. Counties and cities add to it (up to 8 %), which takes a tax service to know.
-- Reduced equals standard: what a state spares (groceries, clothes) differs too much for one class.
INSERT INTO sales.tax_region_rate (country, region, tax_class, rate_ppm, title)
SELECT 'US', r.region, c.tax_class, CASE c.tax_class WHEN 'zero' THEN 0 ELSE r.rate * 10000 END, 'Sales tax'
  FROM (VALUES ('AL', 4), ('AK', 0), ('AZ', 5.6), ('AR', 6.5), ('CA', 7.25), ('CO', 2.9), ('CT', 6.35), ('DE', 0), ('DC', 6), ('FL', 6),
               ('GA', 4), ('HI', 4), ('ID', 6), ('IL', 6.25), ('IN', 7), ('IA', 6), ('KS', 6.5), ('KY', 6), ('LA', 5), ('ME', 5.5),
               ('MD', 6), ('MA', 6.25), ('MI', 6), ('MN', 6.875), ('MS', 7), ('MO', 4.225), ('MT', 0), ('NE', 5.5), ('NV', 6.85),
               ('NH', 0), ('NJ', 6.625), ('NM', 4.875), ('NY', 4), ('NC', 4.75), ('ND', 5), ('OH', 5.75), ('OK', 4.5), ('OR', 0),
               ('PA', 6), ('RI', 7), ('SC', 6), ('SD', 4.2), ('TN', 7), ('TX', 6.25), ('UT', 6.1), ('VT', 6), ('VA', 5.3),
               ('WA', 6.5), ('WV', 6), ('WI', 5), ('WY', 4)) r (region, rate)
 CROSS JOIN (VALUES ('standard'), ('reduced'), ('zero')) c (tax_class);
