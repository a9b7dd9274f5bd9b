import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref, ref, watch } from 'vue';
import { api, idempotencyKey, type paths } from '../api/client.ts';

export type NewCommand = paths['/api/v1/commands']['post']['requestBody']['content']['application/json'];
export type CommandOp = NewCommand['op'];
/** To whom: named devices, or all that a filter matches. */
export type CommandTarget = Pick<NewCommand, 'device_ids' | 'filter'>;
export type Preview = paths['/api/v1/commands']['post']['responses'][200]['content']['application/json'];
export type Batch = paths['/api/v1/commands']['post']['responses'][201]['content']['application/json'];

export const OPS: readonly CommandOp[] = [
  'selfcheck',
  'pause_service',
  'resume_service',
  'restart_program',
  'restart_terminal',
];
/** Ops that interrupt whoever stands at the terminal. */
export const DISRUPTIVE: ReadonlySet<CommandOp> = new Set(['pause_service', 'restart_program', 'restart_terminal']);
export const TTLS_S = [600, 3600, 86_400, 604_800] as const;

/** Chooses a command for a target, says beforehand whom it will reach, and sends it. One key per opening: a repeated click is one command. */
export function useSendCommand(target: Ref<CommandTarget>, open: Ref<boolean>) {
  const op = ref<CommandOp>('selfcheck');
  const ttlS = ref<number>(3600);
  let key = idempotencyKey();
  watch([open, op, ttlS, target], () => {
    key = idempotencyKey();
  });

  const preview = useQuery({
    queryKey: computed(() => ['commands', 'preview', op.value, target.value]),
    queryFn: async ({ signal }) => {
      const body = { op: op.value, ttl_s: ttlS.value, ...target.value };
      const { data } = await api.POST('/api/v1/commands', { params: { query: { preview: true } }, body, signal });
      return data as Preview;
    },
    enabled: open,
    staleTime: 0,
    gcTime: 0,
  });

  async function send(): Promise<Batch> {
    const confirm = preview.data.value?.confirm_needed ? { confirm: preview.data.value.total } : {};
    const body = { op: op.value, ttl_s: ttlS.value, ...target.value, ...confirm };
    const { data } = await api.POST('/api/v1/commands', { body, headers: { 'Idempotency-Key': key } });
    return data as Batch;
  }
  return { op, ttlS, preview, send };
}
