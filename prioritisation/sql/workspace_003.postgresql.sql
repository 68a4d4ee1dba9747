-- A help against slips, not the proof: whoever may drop a trigger may change the rows. The proof is the chain.

CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS '
BEGIN
  RAISE EXCEPTION ''the audit log and the decision record are only added to'';
END';

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();

CREATE TRIGGER decision_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
