import { readArchiverSettings } from '../config/external.ts';
import type { ArchiverConfig, Config } from '../config/index.ts';
import { isOfThisMachine } from '../config/this-machine.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { expand } from '../templates/placeholders.ts';
import { listVariables } from './list-variables.ts';

/** Where an archiver shows a list and one of its posts. */
export interface ArchiveLinks {
  /** The name in `[archiver.NAME]`; `web` is our own archive. */
  readonly archiver: string;
  readonly listUrl: string;
  /** Undefined where the post has no Message-ID-Hash. */
  readonly permalink: string | undefined;
}

/** The name of our own archive among the others. */
const WEB = 'web';

/**
 * The addresses that the archivers of a list give to it and to a post (mail-flow.md section 14), by name of archiver. None
 * where the list is not archived. The prototype archiver has no addresses, nor has our own archive where nobody has said
 * in `[web] base_url` what people call it.
 * @param hash the post's Message-ID-Hash
 */
export function archiveLinks(config: Config, list: MailingList, hash: string | undefined): ArchiveLinks[] {
  const { archive_policy, disabled_archivers } = list.settings;
  if (archive_policy === 'never') return [];
  const own = { name: WEB, links: ownLinks(config, list, hash) };
  const others = [...config.archivers.values()]
    .filter(({ enable }) => enable)
    .map((archiver) => ({ name: archiver.name, links: linksOf(config, archiver, list, hash) }));
  return [own, ...others]
    .filter(({ name }) => !disabled_archivers.includes(name))
    .flatMap(({ links }) => links ?? [])
    .sort((a, b) => (a.archiver < b.archiver ? -1 : 1));
}

function linksOf(
  config: Config,
  { name, kind }: ArchiverConfig,
  list: MailingList,
  hash: string | undefined,
): ArchiveLinks | undefined {
  switch (kind) {
    case 'mhonarc': {
      const listUrl = expand(setting(config, name, 'base_url'), listVariables(list));
      return { archiver: name, listUrl, permalink: hash && URL.parse(hash, listUrl)?.href };
    }
    case 'mail-archive': {
      if (list.settings.archive_policy !== 'public') return undefined;
      const base = setting(config, name, 'base_url');
      const listUrl = URL.parse(encodeURIComponent(postingAddress(list)), base)?.href;
      return listUrl
        ? { archiver: name, listUrl, permalink: hash && URL.parse(hash, base)?.href }
        : undefined;
    }
    case 'hyperkitty':
      return archivePages(name, hyperkittyBase(config, name, list), list, hash);
    default:
      return undefined;
  }
}

function ownLinks(
  { archive, web }: Config,
  list: MailingList,
  hash: string | undefined,
): ArchiveLinks | undefined {
  const url = URL.parse(web.base_url);
  if (!archive.enabled || !web.enabled || !url || isOfThisMachine(url.hostname)) return undefined;
  return archivePages(WEB, `${web.base_url.replace(/\/+$/, '')}/archives/`, list, hash);
}

/** HyperKitty's addresses below its own; those of our archive are the same. */
function archivePages(
  archiver: string,
  base: string,
  list: MailingList,
  hash: string | undefined,
): ArchiveLinks | undefined {
  if (!URL.canParse(base)) return undefined;
  const name = encodeURIComponent(postingAddress(list)).replaceAll('%40', '@').replaceAll('%2B', '+');
  const listUrl = `${base}list/${name}/`;
  return { archiver, listUrl, permalink: hash && `${listUrl}message/${hash}/` };
}

/**
 * Where people find HyperKitty: `public_url` of its file, which is ours; else `base_url`. Where that is of this machine,
 * then as HyperKitty answers whoever asks: the same path below `https://` and the domain of the list.
 */
function hyperkittyBase(config: Config, archiver: string, list: MailingList): string {
  const found = setting(config, archiver, 'public_url') || setting(config, archiver, 'base_url');
  const url = URL.parse(found.endsWith('/') ? found : `${found}/`);
  if (!url) return '';
  return isOfThisMachine(url.hostname) ? `https://${list.mailHost}${url.pathname}` : url.href;
}

const settingsOf = new WeakMap<Config, Map<string, Readonly<Record<string, string>>>>();

/** What the archiver's own file says; read once, for every post asks. */
function setting(config: Config, archiver: string, key: string): string {
  const known = settingsOf.get(config) ?? new Map<string, Readonly<Record<string, string>>>();
  settingsOf.set(config, known);
  const settings = known.get(archiver) ?? readArchiverSettings(config, archiver);
  known.set(archiver, settings);
  return settings[key] ?? '';
}
