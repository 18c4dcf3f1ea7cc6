import { memberCounts } from '../../database/member-counts.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import type { Call } from '../route.ts';
import type { Resource } from '../values.ts';

/** Lists as the API shows them. */
export async function listResources(call: Call, lists: readonly MailingList[]): Promise<Resource[]> {
  const counts = await memberCounts(
    call.connection,
    lists.map(({ listId }) => listId),
  );
  return lists.map((list) => ({
    advertised: list.settings.advertised,
    display_name: list.settings.display_name,
    fqdn_listname: postingAddress(list),
    list_id: list.listId,
    list_name: list.listName,
    mail_host: list.mailHost,
    member_count: counts.get(list.listId) ?? 0,
    volume: list.volume,
    description: list.settings.description,
    self_link: call.link(`/lists/${list.listId}`),
  }));
}
