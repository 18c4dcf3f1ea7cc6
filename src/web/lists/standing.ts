import type { MailingList } from '../../model/mailing-list.ts';
import type { Viewer } from '../viewer.ts';

/** Whether somebody runs a list: its owners, its moderators, and the site's administrators. */
export function runsList(viewer: Viewer | undefined, { listId }: Pick<MailingList, 'listId'>): boolean {
  const roles = viewer?.roles.get(listId);
  return viewer?.isServerOwner === true || roles?.has('owner') === true || roles?.has('moderator') === true;
}
