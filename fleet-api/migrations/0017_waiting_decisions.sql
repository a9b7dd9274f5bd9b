-- What waits for the other side is asked for with every first page: proposals are few among all that orders and faults have been told.
create index case_event_severity_proposed on case_event (fault_id) where kind = 'severity_proposed';
create index work_order_entry_pause_proposed on work_order_entry (work_order_id) where kind = 'pause_proposed';
