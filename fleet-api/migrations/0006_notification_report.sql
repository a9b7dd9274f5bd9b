-- What a provider says of a message it took: by webhook (fleet-api) or when asked (alerts). Both apply it here, so that reports
-- may come twice, late and in any order. Returns the notification, or null if nothing of ours is meant.
-- The state only moves forward; `delivered` of any attempt settles the whole notification.
create function notification_report(
  n_id bigint, n_attempt int, sid text, reported text, code text, reported_at timestamptz
) returns bigint language plpgsql as $$
declare
  rank_of constant jsonb :=
    '{"sending": 0, "unknown": 0, "queued": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3}';
  n notification%rowtype;
begin
  if n_id is null then
    select notification_id, attempt into n_id, n_attempt from notification_attempt where provider_id = sid;
  end if;
  select * into n from notification where id = n_id for update;
  if not found or not (rank_of ? reported) then
    return null;
  end if;
  update notification_attempt t set status = reported, provider_id = coalesce(t.provider_id, sid), error_code = code,
    updated_at = reported_at
  where t.notification_id = n_id and t.attempt = n_attempt and coalesce(t.provider_id, sid) = sid
    and (rank_of->>t.status)::int < (rank_of->>reported)::int;
  if not found then
    return n_id;
  end if;
  if reported = 'delivered' then
    update notification set state = 'delivered', provider_id = sid, error_code = null, error_text = null,
      sent_at = coalesce(sent_at, reported_at), settled_at = reported_at, updated_at = reported_at
    where id = n_id and state <> 'delivered';
  elsif n_attempt = n.attempts and n.state in ('sending', 'unknown', 'sent') then
    update notification set
      state = case when reported in ('undelivered', 'failed') then 'undelivered' else 'sent' end,
      provider_id = sid, error_code = code, sent_at = coalesce(sent_at, reported_at), updated_at = reported_at
    where id = n_id;
  end if;
  return n_id;
end $$;
