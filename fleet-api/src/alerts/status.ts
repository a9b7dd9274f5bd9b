import { inTransaction, type Pool, writeOutbox } from '../db/index.ts';

/** A delivery report as the provider posts it; fields that we do not know are left alone, the set may grow. */
export interface DeliveryReport {
  readonly sid: string;
  readonly status: string;
  readonly errorCode: string | null;
  /** `<notification id>.<attempt>`, as we put it into the callback's address; null if it is missing. */
  readonly ref: string | null;
  readonly atMs: number;
}

/** Provider's words to ours; the rest is of no interest. */
const STATUS: Readonly<Record<string, string>> = {
  accepted: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

/** Applies a report, which may come twice, late or out of order. False if it concerns nothing of ours. */
export async function applyReport(pool: Pool, report: DeliveryReport): Promise<boolean> {
  const status = STATUS[report.status];
  if (status === undefined) return false;
  const ref = /^(\d{1,15})\.(\d{1,6})$/.exec(report.ref ?? '');
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ incident_id: number | null; path: number[] | null }>(
      `select n.incident_id, r.path from notification n
       left join incident i on i.id = n.incident_id left join region r on r.id = i.county_id
       where n.id = notification_report($1, $2, $3, $4, $5, $6)`,
      [ref?.[1] ?? null, ref?.[2] ?? null, report.sid, status, report.errorCode, new Date(report.atMs)],
    );
    const row = rows[0];
    if (row === undefined) return false;
    if (row.incident_id !== null) {
      await writeOutbox(client, [
        { kind: 'incident.changed', regionPath: row.path, payload: { id: row.incident_id, notification: status } },
      ]);
    }
    return true;
  });
}
