import { useI18n } from 'vue-i18n';
import type { Instant } from '../format/time.ts';
import { useFormat } from '../format/useFormat.ts';

/** What lists know of a clock: the earliest open due instant of a fault or an order, or that there is none. */
export interface ListClock {
  readonly next_due_at: string | null;
  readonly next_stage: string | null;
  readonly paused: boolean;
  /** A stage ended, or stands, beyond its limit. */
  readonly is_late: boolean;
  /** False once nothing runs any more. */
  readonly open: boolean;
}

/** A clock of one stage, as pages of faults and orders get it. */
export interface StageClock {
  readonly stage: string;
  readonly state: 'running' | 'met' | 'breached' | 'pending' | 'not_applicable';
  readonly due_at?: string | null;
  readonly stopped_at?: string | null;
  readonly left_ms?: number | null;
  readonly paused?: boolean;
}

/** How a clock stands, for colour and shape: ended well, runs, presses, ended badly, stands still, says nothing. */
export type ClockTone = 'met' | 'calm' | 'soon' | 'late' | 'paused' | 'none';

/** What of a limit makes it press, ms. */
const SOON_MS = 2 * 3_600_000;

/** Clocks in words: 还剩 41 分钟, 已超时 2 小时 5 分, 已暂停, 按时, 超时. They grow older by themselves. */
export function useClockWords() {
  const { t } = useI18n();
  const format = useFormat();
  const left = (at: Instant) => new Date(at).getTime() - format.now.value.getTime();

  /** Time left to an instant, or by how much it has passed. */
  function due(at: Instant): string {
    const ms = left(at);
    return ms >= 0 ? format.left(at) : t('clocks.overdue', { for: format.duration(-ms) });
  }
  function dueTone(at: Instant): ClockTone {
    const ms = left(at);
    return ms < 0 ? 'late' : ms < SOON_MS ? 'soon' : 'calm';
  }
  /** 修复 还剩 41 分钟 */
  function list(clock: ListClock): string {
    if (!clock.open) return t(clock.is_late ? 'clocks.late' : 'clocks.onTime');
    const name = clock.next_stage === null ? null : t(`clocks.stage.${clock.next_stage}`);
    if (clock.paused) return name === null ? t('clocks.paused') : t('clocks.stagePaused', { stage: name });
    if (clock.next_due_at === null) return t('clocks.none');
    return name === null ? due(clock.next_due_at) : `${name} ${due(clock.next_due_at)}`;
  }
  function listTone(clock: ListClock): ClockTone {
    if (!clock.open) return clock.is_late ? 'late' : 'met';
    if (clock.paused) return 'paused';
    return clock.next_due_at === null ? 'none' : dueTone(clock.next_due_at);
  }
  /** One stage: 按时, 超时, 还剩 ..., 已暂停. */
  function stage(clock: StageClock): string {
    if (clock.state === 'not_applicable') return t('clocks.notOwed');
    if (clock.state === 'pending') return t('clocks.pending');
    if (clock.stopped_at) return overran(clock) ?? t('clocks.onTime');
    if (clock.paused) return t('clocks.paused');
    return clock.due_at ? due(clock.due_at) : t('clocks.none');
  }
  function overran(clock: StageClock): string | null {
    if (clock.state !== 'breached') return null;
    const by = -(clock.left_ms ?? 0);
    return by > 0 ? t('clocks.lateBy', { by: format.duration(by) }) : t('clocks.late');
  }
  function stageTone(clock: StageClock): ClockTone {
    if (clock.state === 'not_applicable' || clock.state === 'pending') return 'none';
    if (clock.state === 'breached') return 'late';
    if (clock.stopped_at) return 'met';
    if (clock.paused) return 'paused';
    return clock.due_at ? dueTone(clock.due_at) : 'none';
  }
  const stageName = (name: string) => t(`clocks.stage.${name}`);
  const verdict = (name: string) => t(`clocks.verdict.${name}`);
  return { due, dueTone, list, listTone, stage, stageTone, stageName, verdict };
}
