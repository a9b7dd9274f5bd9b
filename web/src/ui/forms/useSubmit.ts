import { ref } from 'vue';

/** Runs the request of a form on a page: busy meanwhile, and why it failed. What was typed stays. */
export function useSubmit(work: () => Promise<unknown>) {
  const busy = ref(false);
  const failure = ref<unknown>(null);
  async function submit(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    failure.value = null;
    try {
      await work();
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }
  return { busy, failure, submit };
}
