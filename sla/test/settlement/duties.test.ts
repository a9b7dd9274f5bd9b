import { describe, expect, it } from 'vitest';
import { PRESETS, parseRepairTargets, RepairTargetError, repairDuties, severitiesOf } from '../../src/index.ts';

const HOUR = 3_600_000;

describe('repair terms from duties', () => {
  it('takes a spare in time for the repair (R-DG-7)', () => {
    const terms = repairDuties(PRESETS.dg);
    expect(terms?.targets.severities.terminal_fault).toEqual({
      respond: { calendar: 'always', limitMs: HOUR },
      on_site: { calendar: 'always', limitMs: 2 * HOUR },
      repair: { calendar: 'always', limitMs: 2 * HOUR },
      temporary_restoration: { calendar: 'always', limitMs: 4 * HOUR },
    });
    expect(terms?.timeliness).toEqual({
      terminal_fault: { stages: ['repair', 'temporary_restoration'], need: 'any' },
      system_fault: { stages: ['repair'], need: 'all' },
    });
  });

  it('reads a major failure as a temporary restoration, and what has no later limit by the last it has (R-QH-1)', () => {
    const terms = repairDuties(PRESETS.qh);
    expect(terms?.targets.severities.major_fault?.temporary_restoration).toEqual({
      calendar: 'always',
      limitMs: 8 * HOUR,
    });
    expect(terms?.timeliness.major_fault).toEqual({ stages: ['temporary_restoration'], need: 'all' });
    expect(terms?.timeliness.fault).toEqual({ stages: ['on_site'], need: 'all' });
  });

  it('puts duties of one severity together, each on its own clock (R-ZJ-3)', () => {
    const terms = repairDuties(PRESETS.zj);
    expect(terms?.targets.severities).toEqual({
      fault: {
        respond: { calendar: 'service_hours', limitMs: 4 * HOUR },
        repair: { calendar: 'always', limitMs: 48 * HOUR },
      },
    });
    expect(terms?.targets.calendars.service_hours).toBe(PRESETS.zj.calendar);
    expect(severitiesOf(PRESETS.zj, ['fault', 'restoration'])).toEqual(['fault']);
  });

  it('is nothing without repair duties, and always what clocks can be run on', () => {
    expect(repairDuties(PRESETS.hn)).toBeNull();
    for (const preset of Object.values(PRESETS)) {
      const terms = repairDuties(preset);
      if (terms !== null) expect(parseRepairTargets(terms.targets).severities.size).toBeGreaterThan(0);
    }
  });

  it('refuses a limit of nothing', () => {
    const [duty] = PRESETS.zj.duties;
    const contract = { ...PRESETS.zj, duties: [{ ...duty, respond_ms: 0 } as (typeof PRESETS.zj.duties)[number]] };
    expect(() => repairDuties(contract)).toThrow(RepairTargetError);
  });
});
