import type { Connection } from '../database/handle.ts';
import { headerMatchesOf, replaceHeaderMatches } from '../database/header-matches.ts';
import { lockList } from '../database/lists.ts';
import { FerrymanError } from '../errors.ts';
import { refuseSettingsWhereMailman2InCharge } from '../lists/mailman2-settings.ts';
import type { HeaderMatch } from '../model/header-match.ts';

/** A header match cannot be made or moved; `problem` lets each interface word it its own way. */
export class HeaderMatchError extends FerrymanError {
  override name = 'HeaderMatchError';
  readonly problem: 'exists' | 'missing' | 'position';

  constructor(problem: HeaderMatchError['problem'], message: string) {
    super(message);
    this.problem = problem;
  }
}

/** Adds a match behind the others of a list. In a transaction. @returns its position @throws HeaderMatchError exists; Mailman2InChargeError */
export async function addHeaderMatch(
  connection: Connection,
  listId: string,
  match: HeaderMatch,
): Promise<number> {
  const matches = await lockedMatches(connection, listId);
  refuseSecond(matches, match);
  await replaceHeaderMatches(connection, listId, [...matches, match]);
  return matches.length;
}

/**
 * Changes a match, and moves it to another position where one is given. In a transaction.
 * @throws HeaderMatchError missing, exists, position; Mailman2InChargeError
 */
export async function changeHeaderMatch(
  connection: Connection,
  listId: string,
  position: number,
  { position: wanted, ...change }: Partial<HeaderMatch> & { readonly position?: number | undefined },
): Promise<void> {
  const matches = await lockedMatches(connection, listId);
  const changed: HeaderMatch = { ...matchAt(matches, position), ...change };
  const others = matches.filter((_, index) => index !== position);
  refuseSecond(others, changed);
  const target = wanted ?? position;
  if (target < 0) throw new HeaderMatchError('position', 'Negative indexes are not supported');
  if (target >= matches.length) {
    throw new HeaderMatchError(
      'position',
      `There are ${matches.length} header matches for this list, the new position cannot be ${matches.length} or higher`,
    );
  }
  await replaceHeaderMatches(connection, listId, others.toSpliced(target, 0, changed));
}

/** Removes a match; those behind it move up. In a transaction. @throws HeaderMatchError missing; Mailman2InChargeError */
export async function removeHeaderMatch(
  connection: Connection,
  listId: string,
  position: number,
): Promise<void> {
  const matches = await lockedMatches(connection, listId);
  matchAt(matches, position);
  await replaceHeaderMatches(connection, listId, matches.toSpliced(position, 1));
}

/** Removes all matches. In a transaction. @throws Mailman2InChargeError */
export async function removeHeaderMatches(connection: Connection, listId: string): Promise<void> {
  if ((await lockedMatches(connection, listId)).length > 0)
    await replaceHeaderMatches(connection, listId, []);
}

/** The match at a position. @throws HeaderMatchError missing */
export function matchAt(matches: readonly HeaderMatch[], position: number): HeaderMatch {
  const match = matches[position];
  if (!match) throw new HeaderMatchError('missing', `No header match at this position: ${position}`);
  return match;
}

async function lockedMatches(connection: Connection, listId: string): Promise<readonly HeaderMatch[]> {
  const list = await lockList(connection, listId);
  if (list) await refuseSettingsWhereMailman2InCharge(connection, list, ['header_filter_rules']);
  return headerMatchesOf(connection, listId);
}

function refuseSecond(matches: readonly HeaderMatch[], { header, pattern }: HeaderMatch): void {
  if (matches.some((match) => match.header === header && match.pattern === pattern))
    throw new HeaderMatchError('exists', 'This header match already exists');
}
