-- Why:   money that must be given back is written down once, and asked for again under that one key until the provider confirms
--        it, each at its own pace: one that is refused for ever keeps no other waiting.
-- Lock:  ACCESS EXCLUSIVE on sales.payment_operation for a moment (the columns rewrite nothing), then SHARE while the indices are
--        built: writes wait, reads do not.
-- Phase: expand.

ALTER TABLE sales.payment_operation
  ADD COLUMN attempts      integer     NOT NULL DEFAULT 0,
  ADD COLUMN next_check_at timestamptz NOT NULL DEFAULT now() + interval '30 seconds';   -- of a void: when it is asked for again

CREATE UNIQUE INDEX payment_operation_one_open_void ON sales.payment_operation (payment_id)
  WHERE kind = 'void' AND state IN ('pending', 'unknown');
CREATE INDEX payment_operation_void_to_check ON sales.payment_operation (next_check_at)
  WHERE kind = 'void' AND state IN ('pending', 'unknown');
