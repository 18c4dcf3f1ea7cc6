import { documentLines } from '../../src/cli/json-document.ts';
import type { Connection } from '../../src/database/handle.ts';
import { describeList } from '../../src/lists/describe.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';

/** What `mailman export` writes of a list. */
export async function exportedList(
  connection: Connection,
  list: MailingList,
  secrets = true,
): Promise<string> {
  const options = { secrets, noReplyName: 'noreply', reader: connection };
  const lines = await Array.fromAsync(documentLines(await describeList(connection, list, options)));
  return lines.join('\n');
}
