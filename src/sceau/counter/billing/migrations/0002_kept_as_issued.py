"""What PostgreSQL itself refuses, to every role: changing an invoice, or charging or crediting a test twice. And the first price."""

from django.db import migrations

KEPT = """
create function billing_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'paid_on' = to_jsonb(old) - 'paid_on' then return new; end if;
  raise exception 'an invoice stays as it was issued' using errcode = 'restrict_violation';
end $$;
create trigger billing_invoice_kept before update or delete on billing_invoice for each row execute function billing_kept();
create trigger billing_invoice_whole before truncate on billing_invoice for each statement execute function billing_kept();

create function billing_once() returns trigger language plpgsql as $$
begin
  if new.report = old.report and new.pharmacy_id = old.pharmacy_id and new.month = old.month and new.cents = old.cents
     and (old.invoice_id is null or new.invoice_id = old.invoice_id)
     and (old.credit_note_id is null or new.credit_note_id = old.credit_note_id)
     and (new.void or not old.void) then return new; end if;
  raise exception 'a test is charged once and credited once' using errcode = 'restrict_violation';
end $$;
create trigger billing_charge_once before update on billing_charge for each row execute function billing_once();
"""
DROP = "drop function billing_kept cascade; drop function billing_once cascade;"
FIRST_PRICE = "insert into billing_price (regime, since, cents) values ('', '2020-01-01', 100)"


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.RunSQL(KEPT, DROP),
        migrations.RunSQL(FIRST_PRICE, "delete from billing_price"),
    ]
