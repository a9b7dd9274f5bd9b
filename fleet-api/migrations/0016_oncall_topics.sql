-- What a number on call wants to hear of besides outages, faults and repair limits. Nothing at first: none of it has to wake anybody.
alter table oncall add column topics text[] not null default '{}' check (topics <@ array['stock', 'settlement']);
