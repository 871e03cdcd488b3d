-- Why:   holds and carts that have ended are deleted after a while, and found without reading those that live.
-- Lock:  SHARE on sales.reservation and sales.cart while the indices are built: writes wait, reads do not.
-- Phase: expand.

CREATE INDEX reservation_ended ON sales.reservation (updated_at) WHERE state IN ('released', 'expired');
-- By a column that is indexed already, so that changes of a cart stay within their page.
CREATE INDEX cart_ended ON sales.cart (expires_at) WHERE state = 'expired';
