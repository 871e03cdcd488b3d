-- Why:   a void whose answer never came is found again without reading every operation that ever was.
-- Lock:  SHARE on sales.payment_operation while the index is built: writes wait, reads do not.
-- Phase: expand.

CREATE INDEX payment_operation_open_void ON sales.payment_operation (created_at) WHERE kind = 'void' AND state IN ('pending', 'unknown');
