import { followState, lagOf } from '../../../migrate/follow/follow.ts';
import type { Check } from './check.ts';

/** A server that follows applies a change within two seconds; a large list takes some more. In milliseconds. */
const LONGEST_LAG = 30_000;

/** Who has joined at Mailman 2 and is not here yet would get no mail. */
export const followKeepsUp: Check = {
  name: 'follow keeps up',
  run: async ({ site, cutover }) => {
    const lag = site ? lagOf(site, cutover, Date.now()) : 0;
    if (lag <= LONGEST_LAG) return undefined;
    const seconds = `${Math.round(lag / 1000)} s`;
    const problem = followState(cutover)?.problem ?? null;
    return problem === null
      ? `a change at Mailman 2 has been waiting for ${seconds}: see with "mailman status" whether the server runs, which follows it`
      : `a change at Mailman 2 has been waiting for ${seconds}, for its files cannot be followed: ${problem}`;
  },
};
