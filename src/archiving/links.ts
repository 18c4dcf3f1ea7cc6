import { readArchiverSettings } from '../config/external.ts';
import type { ArchiverConfig, Config } from '../config/index.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { expand } from '../templates/placeholders.ts';

/** Where an archiver shows a list and one of its posts. */
export interface ArchiveLinks {
  /** The name in `[archiver.NAME]`. */
  readonly archiver: string;
  readonly listUrl: string;
  /** Undefined where the post has no Message-ID-Hash. */
  readonly permalink: string | undefined;
}

/**
 * The addresses that the enabled archivers give to a list and to a post (mail-flow.md section 14), by name of archiver.
 * None where the list is not archived. The prototype archiver has no addresses.
 * @param hash the post's Message-ID-Hash
 */
export function archiveLinks(config: Config, list: MailingList, hash: string | undefined): ArchiveLinks[] {
  if (list.settings.archive_policy === 'never') return [];
  return [...config.archivers.values()]
    .filter(({ enable }) => enable)
    .flatMap((archiver) => linksOf(config, archiver, list, hash) ?? [])
    .concat(webLinks(config, list, hash) ?? [])
    .sort((a, b) => (a.archiver < b.archiver ? -1 : 1));
}

/**
 * Those of our own archive, in the form of HyperKitty's. Without `[web] base_url` there are none: an address that only
 * this machine can reach has no place in a mail.
 */
function webLinks(config: Config, list: MailingList, hash: string | undefined): ArchiveLinks | undefined {
  const { enabled, base_url: base } = config.web;
  if (!config.archive.enabled || !enabled || base === '') return undefined;
  const address = encodeURIComponent(postingAddress(list)).replaceAll('%40', '@').replaceAll('%2B', '+');
  const listUrl = `${base.replace(/\/+$/, '')}/archives/list/${address}/`;
  return { archiver: 'web', listUrl, permalink: hash && `${listUrl}message/${encodeURIComponent(hash)}/` };
}

function linksOf(
  config: Config,
  { name, kind }: ArchiverConfig,
  list: MailingList,
  hash: string | undefined,
): ArchiveLinks | undefined {
  const address = postingAddress(list);
  if (kind === 'mhonarc') {
    const pattern = baseUrl(config, name);
    const variables = { hostname: list.mailHost, fqdn_listname: address, listname: list.listName };
    const listUrl = expand(pattern, { ...variables, list_id: list.listId, domain: list.mailHost });
    return { archiver: name, listUrl, permalink: hash && URL.parse(hash, listUrl)?.href };
  }
  if (kind === 'mail-archive' && list.settings.archive_policy === 'public') {
    const base = baseUrl(config, name);
    const listUrl = URL.parse(encodeURIComponent(address), base)?.href;
    return listUrl ? { archiver: name, listUrl, permalink: hash && URL.parse(hash, base)?.href } : undefined;
  }
  return undefined;
}

const baseUrls = new WeakMap<Config, Map<string, string>>();

/** What the archiver's own file says; read once, for every post asks. */
function baseUrl(config: Config, archiver: string): string {
  const known = baseUrls.get(config) ?? new Map<string, string>();
  baseUrls.set(config, known);
  const url = known.get(archiver) ?? readArchiverSettings(config, archiver).base_url ?? '';
  known.set(archiver, url);
  return url;
}
