import { recordedCases, recordedListAddress } from '../support/recorded-traffic.ts';
import { type Comparison, compare } from './compare.ts';
import { ownersOf, play } from './play.ts';
import { openSite, type Site } from './site.ts';

/** A case with what differs in it. */
export interface ComparedCase {
  readonly name: string;
  readonly number: number;
  readonly comparison: Comparison;
}

/** Plays all of the recorded traffic through Ferryman, and compares each case with what Mailman 2.1 did. */
export async function playAll(): Promise<ComparedCase[]> {
  const site = await openSite();
  try {
    const cases: ComparedCase[] = [];
    for (const recorded of recordedCases()) {
      const owners = await allOwners(site);
      const { theirs, ours } = await play(site, recorded);
      const comparison = compare(theirs, ours, owners);
      cases.push({ name: recorded.name, number: recorded.case.number, comparison });
    }
    return cases;
  } finally {
    await site.close();
  }
}

async function allOwners(site: Site): Promise<Map<string, readonly string[]>> {
  const owners = new Map<string, readonly string[]>();
  for (const name of site.lists)
    owners.set(recordedListAddress(name).replace('@', '-owner@'), await ownersOf(site, name));
  return owners;
}
