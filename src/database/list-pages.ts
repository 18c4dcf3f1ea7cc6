import type { Knex } from 'knex';
import { domainKey } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Connection } from './handle.ts';
import { type ListRow, listFromRow } from './lists.ts';
import { type Page, type Paged, pageOfQuery } from './pages.ts';

/** Which lists; what is left out does not restrict. */
export interface ListFilter {
  readonly mailHost?: string | undefined;
  readonly advertised?: boolean | undefined;
}

/** How a setting is read inside of the database. */
const ADVERTISED = {
  sqlite3: "json_extract(settings, '$.advertised') = 1",
  postgresql: "settings::json->>'advertised' = 'true'",
  mysql: "JSON_VALUE(settings, '$.advertised') = '1'",
} as const;

/** One page of the lists that a filter lets through, by List-Id. */
export async function listPage(
  connection: Connection,
  filter: ListFilter,
  page: Page,
): Promise<Paged<MailingList>> {
  const rows = restrict(connection<ListRow>('mailing_list').orderBy('list_id'), filter);
  const found = await pageOfQuery<ListRow>(rows, page, restrict(connection('mailing_list'), filter));
  return { total: found.total, rows: found.rows.map(listFromRow) };
}

function restrict(query: Knex.QueryBuilder, { mailHost, advertised }: ListFilter): Knex.QueryBuilder {
  if (mailHost !== undefined) query.where('mail_host', domainKey(mailHost));
  if (advertised) query.whereRaw(ADVERTISED[query.client.dialect as keyof typeof ADVERTISED]);
  return query;
}
