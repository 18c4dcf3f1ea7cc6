import { type MailingList, postingAddress } from '../model/mailing-list.ts';

/** What `$name` stands for in the command and the base_url of an archiver. */
export function listVariables(list: MailingList): Readonly<Record<string, string>> {
  return {
    hostname: list.mailHost,
    fqdn_listname: postingAddress(list),
    listname: list.listName,
    list_id: list.listId,
    domain: list.mailHost,
  };
}
