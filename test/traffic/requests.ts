import type { RecordedCase } from '../support/recorded-traffic.ts';
import type { Site } from './site.ts';

/** Remembers which held post or request of ours is which of Mailman 2.1, that came with the same case. */
export async function noteRequests(site: Site, { case: { state_diff } }: RecordedCase): Promise<void> {
  const { connection } = site.services.database;
  const held: number[] = await connection('held_message').orderBy('request_id').pluck('request_id');
  const fresh = held.filter((id) => !site.knownHeld.has(id));
  for (const id of fresh) site.knownHeld.add(id);
  for (const [list, { requests }] of Object.entries(state_diff)) {
    for (const number of Object.keys(requests?.added ?? {})) {
      const [heldMessage] = fresh;
      if (heldMessage !== undefined) site.requests.set(`${list} ${number}`, { heldMessage });
    }
  }
}
