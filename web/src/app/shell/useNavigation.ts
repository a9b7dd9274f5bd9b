import { computed } from 'vue';
import { useRouter } from 'vue-router';
import { NAVIGATION } from '../navigation.ts';
import { useSession } from '../session.ts';

/** The part of the navigation that exists and that the user may see. */
export function useNavigation() {
  const router = useRouter();
  const session = useSession();
  const groups = computed(() =>
    NAVIGATION.map((group) => ({
      ...group,
      items: group.items.filter((i) => router.hasRoute(i.route) && (!i.action || session.can(i.action))),
    })).filter((group) => group.items.length > 0),
  );
  const items = computed(() => groups.value.flatMap((g) => g.items));
  return { groups, items };
}
