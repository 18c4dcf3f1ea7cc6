import { allCutovers } from '../../src/database/cutover.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findLists } from '../../src/database/lists.ts';
import type { Stage } from '../../src/model/cutover.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';

/** A list that this server delivers, to some members at least. */
export interface ListUnderWay {
  /** Mailman 2's. */
  readonly name: string;
  readonly list: string;
  readonly stage: Stage;
}

/** What Mailman 2's files say of these lists is not the whole truth: an import would undo a part of the move. */
export async function listsUnderWay(connection: Connection): Promise<ListUnderWay[]> {
  const noted = [...(await allCutovers(connection)).values()];
  const moved = noted.filter(({ stage }) => stage !== 'legacy' && stage !== 'observe');
  const lists = await findLists(
    connection,
    moved.map(({ listId }) => listId),
  );
  return moved.flatMap(({ listId, mailman2Name, stage }) => {
    const list = lists.find((one) => one.listId === listId);
    return list ? [{ name: mailman2Name, list: postingAddress(list), stage }] : [];
  });
}
