import type { MailingList } from '../../src/model/mailing-list.ts';
import { type Answer, redirect } from '../../src/web/answer.ts';
import { listChoice, listsCalled } from '../../src/web/archive/old-links.ts';
import { NotFoundError } from '../../src/web/errors.ts';
import { doorPath } from '../../src/web/lists/list-door.ts';
import type { Visit } from '../../src/web/visit.ts';

/** @throws NotFoundError where `[legacy] urls` is off */
export function requireOldUrls({ services }: Pick<Visit, 'services'>): void {
  if (!services.config.legacy.urls) throw new NotFoundError();
}

/** The lists that `:name` of an old address may mean, in any case; a domain may follow it. @throws NotFoundError for none */
export async function oldLists(visit: Visit): Promise<MailingList[]> {
  requireOldUrls(visit);
  const lists = await listsCalled(visit, (visit.params.name ?? '').toLowerCase());
  if (lists.length === 0) throw new NotFoundError('error_list_not_found');
  return lists;
}

/**
 * Leads from an old address of a list to the new one; where several lists have the name, to a choice.
 * @param rest behind the list's own path, with a query where there is one
 * @param status 301 where the old address will never mean anything else
 */
export async function toNewPage(visit: Visit, rest: string, status: 301 | 302 | 303 = 301): Promise<Answer> {
  const lists = await oldLists(visit);
  const [list] = lists;
  const address = (one: MailingList): string => visit.urls.path(doorPath(one, rest));
  if (!list || lists.length > 1) return listChoice(visit, visit.params.name ?? '', lists, address);
  return redirect(address(list), status);
}

/** `?email=…` for a form that is filled in; '' for nothing. */
export function filledQuery(values: Readonly<Record<string, string | null | undefined>>): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) fields.set(name, value.slice(0, 320));
  return fields.size === 0 ? '' : `?${fields}`;
}

/** A field of an old form, which was taken from the body or from the address. */
export function oldField({ form, query }: Visit, name: string): string | null {
  return form.get(name) ?? query.get(name);
}
