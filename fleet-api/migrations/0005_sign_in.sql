-- A code of the second factor is good for one sign-in: the step (30 s) of the last one accepted (RFC 6238, 5.2).
alter table app_user add totp_last_step bigint not null default 0;

-- People see their sessions by this number; the token's hash stays inside.
alter table user_session add id int generated always as identity unique;
