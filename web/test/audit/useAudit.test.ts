import { describe, expect, it } from 'vitest';
import { auditQuery, subjectRoute } from '../../src/audit/useAudit.ts';

const NONE = { action: '', subject: '', user_id: '', from: '', to: '' };

describe('auditQuery', () => {
  it('asks for everything without filters', () => {
    expect(auditQuery(NONE)).toEqual({});
  });
  it('takes days of the contract zone, the last one whole', () => {
    const { from, to } = auditQuery({ ...NONE, from: '2026-11-01', to: '2026-11-01' });
    expect(new Date(from ?? 0).toISOString()).toBe('2026-10-31T16:00:00.000Z');
    expect(to).toBe('2026-11-01T16:00:00.000Z');
  });
  it('takes an area of actions', () => {
    expect(auditQuery({ ...NONE, action: 'user', user_id: '7' })).toEqual({ action: 'user.', user_id: 7 });
  });
});

it('leads to what an entry is about', () => {
  expect(subjectRoute('device:pos:1')).toEqual({ name: 'device', params: { id: 'pos:1' } });
  expect(subjectRoute('user:12')).toEqual({ name: 'user', params: { id: '12' } });
  expect(subjectRoute('work_order:3')).toEqual({ name: 'order', params: { id: '3' } });
  expect(subjectRoute('site:HN-1')).toBeNull();
  expect(subjectRoute('org:1')).toBeNull();
});
