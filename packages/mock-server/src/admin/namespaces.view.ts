import type { NamespaceRegistry } from '../namespace/namespace.registry.js';
import type { NamespaceState } from '../namespace/namespace.state.js';

/**
 * The namespaces as the admin API returns them: the busiest first, and of equally busy ones the one with the latest
 * call.
 *
 * @param limit maximum number of namespaces
 * @param applicationUrl address of the application, for the page
 */
export function namespacesView(registry: NamespaceRegistry, limit: number, applicationUrl: string | undefined) {
  const byUse = (one: NamespaceState, other: NamespaceState) =>
    other.journal.cost.calls - one.journal.cost.calls || idleMs(one) - idleMs(other);
  const namespaces = [...registry.all()]
    .sort(byUse)
    .slice(0, limit)
    .map((state) => ({
      id: state.id,
      calls: state.journal.cost.calls,
      lastSeen: state.journal.lastAt ?? null,
      now: new Date(state.clock.now()).toISOString(),
    }));
  return { namespaces, total: registry.size, applicationUrl: applicationUrl ?? null };
}

/** Time since the latest call, in milliseconds on the clock of the namespace. */
function idleMs({ journal, clock }: NamespaceState): number {
  return journal.lastAt === undefined ? Number.MAX_SAFE_INTEGER : clock.now() - Date.parse(journal.lastAt);
}
