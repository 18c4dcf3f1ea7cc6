import { archiveLinks } from '../../archiving/links.ts';
import { formatAddress } from '../../message/addresses.ts';
import { headerAddress } from '../../model/email-address.ts';
import { type MailingList, postingAddress, subAddress } from '../../model/mailing-list.ts';
import { listCharset } from '../list-charset.ts';
import type { Handler } from '../post.ts';

/** Also those that Mailman does not write here, for they would speak of another list. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'archived-at',
  'list-archive',
  'list-help',
  'list-id',
  'list-owner',
  'list-post',
  'list-subscribe',
  'list-unsubscribe',
  'list-unsubscribe-post',
]);

export const rfc2369: Handler = {
  name: 'rfc-2369',
  description: 'Names the list and what can be done with it in List-* headers (RFC 2369, RFC 2919).',
  process: async ({ list, message: { headers }, metadata }, { config }) => {
    if (!list.settings.include_rfc2369_headers) return;
    headers.deleteWhere(({ name }) => OWN_HEADERS.has(name.toLowerCase()));
    headers.append('List-Id', listIdHeader(list, listCharset(config, list)));
    const links = metadata.reduced_list_headers
      ? []
      : archiveLinks(config, list, headers.get('Message-ID-Hash'));
    const permalinks = links.flatMap(({ permalink }) => permalink ?? []);
    for (const url of permalinks.sort()) headers.append('Archived-At', `<${asciiUrl(url)}>`);
    for (const url of links.map(({ listUrl }) => listUrl).sort())
      headers.append('List-Archive', `<${asciiUrl(url)}>`);
    headers.append('List-Help', `<mailto:${mailto(subAddress(list, 'request'))}?subject=help>`);
    headers.append('List-Owner', `<mailto:${mailto(subAddress(list, 'owner'))}>`);
    if (!metadata.reduced_list_headers) {
      const post = list.settings.allow_list_posts ? `<mailto:${mailto(postingAddress(list))}>` : 'NO';
      headers.append('List-Post', post);
    }
    headers.append('List-Subscribe', `<mailto:${mailto(subAddress(list, 'join'))}>`);
    headers.append('List-Unsubscribe', `<mailto:${mailto(subAddress(list, 'leave'))}>`);
  },
};

/** RFC 2919: `Description <ant.example.com>`. */
function listIdHeader(list: MailingList, charset: string): string {
  const { description } = list.settings;
  if (description.trim() === '') return `<${headerAddress(list.listId)}>`;
  return formatAddress({ address: list.listId, displayName: description.trim() }, charset);
}

/** RFC 6068: what would end an address or begin something else in a URL is percent-encoded. */
function mailto(address: string): string {
  return headerAddress(address).replace(/[^A-Za-z0-9@._~!$'*+-]/gu, (character) =>
    encodeURIComponent(character),
  );
}

function asciiUrl(url: string): string {
  return /^[\x20-\x7e]*$/.test(url) ? url : (URL.parse(url)?.href ?? encodeURI(url));
}
