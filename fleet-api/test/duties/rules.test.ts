import { dayBounds } from '@uptally/sla';
import { describe, expect, it } from 'vitest';
import { standingOf, WORDS, type Word, wordRefusal } from '../../src/duties/complaints/words.ts';
import { type DocumentTerms, duePeriods } from '../../src/duties/documents/cycles.ts';
import { documentMark, documentRefusal, standingSince } from '../../src/duties/documents/states.ts';
import { gradeOf, meanOf, showMean } from '../../src/duties/ratings/mean.ts';
import { gapsOf, holidaysBetween, isNow } from '../../src/duties/roster/shifts.ts';

const ZONE = 'Asia/Shanghai';
const terms = (wish: Partial<DocumentTerms>): DocumentTerms => ({
  cycle: 'month',
  countedFrom: 'calendar',
  dueRule: 'after_end',
  dueDays: 5,
  fromDay: '2026-01-01',
  untilDay: null,
  ...wish,
});
const dues = (wish: Partial<DocumentTerms>, before = '2026-07-01') =>
  duePeriods(terms(wish), ZONE, before).map(({ fromDay, toDay, dueDay }) => `${fromDay}..${toDay} ${dueDay}`);

describe('periods of a document', () => {
  it('follow the calendar and are due days after their end, to the end of that day', () => {
    expect(dues({}, '2026-04-01')).toEqual([
      '2026-01-01..2026-02-01 2026-02-05',
      '2026-02-01..2026-03-01 2026-03-05',
      '2026-03-01..2026-04-01 2026-04-05',
    ]);
    const [first] = duePeriods(terms({}), ZONE, '2026-02-01');
    expect(first?.dueAt).toBe(dayBounds(ZONE, '2026-02-05').to);
  });

  it('are due on the last day itself if no day is given after it', () => {
    expect(dues({ cycle: 'quarter', dueDays: 0 })).toEqual([
      '2026-01-01..2026-04-01 2026-03-31',
      '2026-04-01..2026-07-01 2026-06-30',
    ]);
  });

  it('are due on a day of theirs, on the last one where they are shorter', () => {
    expect(dues({ dueRule: 'in_period', dueDays: 31 }, '2026-03-01')).toEqual([
      '2026-01-01..2026-02-01 2026-01-31',
      '2026-02-01..2026-03-01 2026-02-28',
    ]);
    expect(dues({ cycle: 'week', dueRule: 'in_period', dueDays: 5 }, '2026-01-12')).toEqual([
      '2026-01-01..2026-01-05 2026-01-02',
      '2026-01-05..2026-01-12 2026-01-09',
    ]);
  });

  it('that a duty begins or ends within are owed for what is left of them', () => {
    expect(dues({ fromDay: '2026-01-20', untilDay: '2026-03-10' })).toEqual([
      '2026-01-20..2026-02-01 2026-02-05',
      '2026-02-01..2026-03-01 2026-03-05',
      '2026-03-01..2026-03-10 2026-03-14',
    ]);
    expect(dues({ fromDay: '2026-01-20', dueRule: 'in_period', dueDays: 10 }, '2026-02-01')).toEqual([
      '2026-01-20..2026-02-01 2026-01-20',
    ]);
  });

  it('may count from the first day: half-years of a contract that begins on 31 August', () => {
    expect(dues({ cycle: 'half_year', countedFrom: 'start', fromDay: '2025-08-31' }, '2026-09-01')).toEqual([
      '2025-08-31..2026-02-28 2026-03-04',
      '2026-02-28..2026-08-31 2026-09-04',
      '2026-08-31..2027-02-28 2027-03-04',
    ]);
  });

  it('of a single document are one', () => {
    expect(dues({ cycle: 'once', dueDays: 10 })).toEqual(['2026-01-01..2026-01-02 2026-01-11']);
    expect(dues({ cycle: 'once', untilDay: '2026-12-31', dueDays: 0 })).toEqual(['2026-01-01..2026-12-31 2026-12-30']);
  });
});

describe('a document', () => {
  it('is acted on by the side whose act it is, in its state', () => {
    expect(documentRefusal('submit', 'open', 'contractor')).toBeNull();
    expect(documentRefusal('submit', 'open', 'agency')).toBe('other_side');
    expect(documentRefusal('accept', 'submitted', 'contractor')).toBe('other_side');
    expect(documentRefusal('accept', 'open', 'agency')).toBe('state');
    expect(documentRefusal('return', 'accepted', 'agency')).toBe('state');
    expect(documentRefusal('submit', 'accepted', 'contractor')).toBe('state');
    expect(documentRefusal('waive', 'submitted', 'agency')).toBe('state');
  });

  it('keeps its first instant while nobody returned it', () => {
    expect(standingSince('submitted', 100, 500)).toBe(100);
    expect(standingSince('returned', null, 500)).toBe(500);
    expect(standingSince('open', null, 500)).toBe(500);
  });

  it('counts at its due instant as in time, a millisecond later as late or missing', () => {
    const at = (submittedAt: number | null) => ({ state: 'open' as const, dueAt: 1000, submittedAt });
    expect(documentMark(at(1000), 5000)).toBe('on_time');
    expect(documentMark(at(1001), 5000)).toBe('late');
    expect(documentMark(at(null), 1000)).toBe('pending');
    expect(documentMark(at(null), 1001)).toBe('missing');
    expect(documentMark({ ...at(null), state: 'waived' }, 5000)).toBe('waived');
  });
});

describe('words about a complaint', () => {
  const all: (Word | null)[] = [null, ...WORDS];

  it('decide if they are equal, and whoever speaks last', () => {
    for (const agency of all) {
      for (const contractor of all) {
        const { state, class: what } = standingOf({ agency, contractor });
        const both = agency !== null && contractor !== null;
        expect(state === 'open').toBe(!both);
        expect(state === 'disputed').toBe(both && agency !== contractor);
        expect(what).toBe(both && agency === contractor && agency !== 'invalid' ? agency : null);
      }
    }
  });

  it('are given once; in a dispute a side may only take over the word of the other', () => {
    expect(wordRefusal({ agency: null, contractor: 'invalid' }, 'agency', 'serious')).toBeNull();
    expect(wordRefusal({ agency: 'serious', contractor: null }, 'agency', 'ordinary')).toBe('said');
    const disputed = { agency: 'serious', contractor: 'invalid' } as const;
    expect(wordRefusal(disputed, 'agency', 'ordinary')).toBe('said');
    expect(wordRefusal(disputed, 'agency', 'serious')).toBe('said');
    expect(wordRefusal(disputed, 'agency', 'invalid')).toBeNull();
    expect(wordRefusal(disputed, 'contractor', 'serious')).toBeNull();
    expect(wordRefusal({ agency: 'ordinary', contractor: 'ordinary' }, 'contractor', 'invalid')).toBe('decided');
  });
});

describe('a rating', () => {
  const scores = (...list: number[]) => list.map((score) => ({ score }));

  it('is the exact mean of its items; 89.99 is no A', () => {
    expect(meanOf(scores(90, 90, 89))).toEqual({ num: 269, den: 3 });
    expect(gradeOf(meanOf(scores(90, 90, 89)))).toBe('B');
    expect(showMean(meanOf(scores(90, 90, 89)))).toBe('89.66');
    expect(gradeOf(meanOf(scores(90, 90)))).toBe('A');
    expect(gradeOf(meanOf(scores(80, 79)))).toBe('C');
    expect(showMean(meanOf(scores(100)))).toBe('100.00');
    expect(() => meanOf([])).toThrow(RangeError);
  });
});

describe('the duty roster', () => {
  const shift = (day: string, from: string, to: string, manned = true) => ({ day, from, to, manned });

  it('asks for somebody on public holidays, not on make-up workdays', () => {
    const calendar = [
      { day: '2026-10-10', kind: 'workday', name: '国庆节' },
      { day: '2026-10-02', kind: 'holiday', name: '国庆节' },
      { day: '2026-10-01', kind: 'holiday', name: '国庆节' },
    ] as const;
    expect(holidaysBetween(calendar, '2026-10-01', '2026-10-02')).toEqual([{ day: '2026-10-01', name: '国庆节' }]);
    expect(holidaysBetween(calendar, '2026-10-01', '2026-11-01')).toHaveLength(2);
  });

  it('shows the hours of a day that nobody covers', () => {
    const day = '2026-10-02';
    expect(gapsOf(day, [])).toEqual([{ from: '00:00', to: '24:00' }]);
    expect(gapsOf(day, [shift(day, '00:00', '24:00', false)])).toEqual([{ from: '00:00', to: '24:00' }]);
    expect(gapsOf(day, [shift(day, '08:00', '20:00')])).toEqual([
      { from: '00:00', to: '08:00' },
      { from: '20:00', to: '24:00' },
    ]);
    const nights = [shift('2026-10-01', '20:00', '08:00'), shift(day, '08:00', '20:00'), shift(day, '20:00', '08:00')];
    expect(gapsOf(day, nights)).toEqual([]);
  });

  it('knows who is on duty after midnight', () => {
    const night = { name: '', day: '2026-10-01', from: '20:00', to: '08:00' };
    expect(isNow(night, { day: '2026-10-02', time: '07:59' })).toBe(true);
    expect(isNow(night, { day: '2026-10-02', time: '08:00' })).toBe(false);
    expect(isNow(night, { day: '2026-10-01', time: '19:59' })).toBe(false);
    expect(isNow({ ...night, from: '00:00', to: '24:00' }, { day: '2026-10-01', time: '23:59' })).toBe(true);
  });
});
