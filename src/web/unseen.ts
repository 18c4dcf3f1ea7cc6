import type { Services } from '../queue/step.ts';

const begun = new WeakMap<Services, Set<Promise<void>>>();

/**
 * Does something that must not show in the answer, be it by what it says or by how long it takes: it is begun when
 * the answer is on its way, and nobody waits for it but the end of the server.
 * @param what for the log, where it fails
 */
export function unseen(services: Services, what: string, work: () => Promise<unknown>): void {
  const all = begun.get(services) ?? new Set();
  begun.set(services, all);
  const one = new Promise<void>((resolve) => setImmediate(resolve))
    .then(work)
    .then(
      () => undefined,
      (error: Error) => services.log('error', `${what}: ${error.stack ?? error.message}`),
    )
    .finally(() => all.delete(one));
  all.add(one);
}

/** Waits for all that was begun. */
export async function unseenDone(services: Services): Promise<void> {
  await Promise.all(begun.get(services) ?? []);
}
