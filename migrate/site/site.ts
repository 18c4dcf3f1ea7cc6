import { join, resolve } from 'node:path';
import { FerrymanError } from '../../src/errors.ts';
import { type MmCfg, parseMmCfg } from './mm-cfg.ts';
import { namesIn, readIfThere, readSourceFile, SourceFileError, statOf } from './source-file.ts';

/** A folder is not the var directory of a Mailman 2.1. */
export class NoSiteError extends FerrymanError {
  override name = 'NoSiteError';
}

/** A Mailman 2.1 installation, by its var directory. Nothing in it is ever written. */
export interface Site {
  /** Absolute. */
  readonly path: string;
  readonly mmCfg: MmCfg;
  /** Where the settings were read; undefined where no mm_cfg.py was found. */
  readonly mmCfgPath: string | undefined;
  /** Lists by name, sorted: folders with a file that a list is kept in, or that nobody may look into. */
  readonly listNames: readonly string[];
  /** Folders in `lists` without such a file, and links that lead nowhere. */
  readonly foldersWithoutList: readonly string[];
}

/** The files of a list that Mailman tries, in this order. */
export const LIST_FILES = ['config.pck', 'config.pck.last', 'config.db', 'config.db.last'] as const;

/** Where packages put the settings, seen from the var directory. */
const MM_CFG_PLACES = ['Mailman/mm_cfg.py', '../Mailman/mm_cfg.py', 'mm_cfg.py'];
const MM_CFG_SYSTEM = '/etc/mailman/mm_cfg.py';

/**
 * @param mmCfgPath instead of looking for mm_cfg.py
 * @throws NoSiteError
 */
export function openSite(path: string, mmCfgPath?: string): Site {
  const root = resolve(path);
  const status = statOf(root);
  if (!status) throw new NoSiteError(`${path} does not exist; expected Mailman 2.1's var directory`);
  const lists = join(root, 'lists');
  if (!status.isDirectory() || !statOf(lists)?.isDirectory()) {
    throw new NoSiteError(
      `${path} has no folder "lists"; expected Mailman 2.1's var directory (often /var/lib/mailman or /usr/local/mailman)`,
    );
  }
  const folders = namesIn(lists).filter((name) => isNoFile(join(lists, name)));
  const hasList = (name: string) => LIST_FILES.some((file) => mayBeFile(join(lists, name, file)));
  const found = findMmCfg(root, mmCfgPath);
  return {
    path: root,
    mmCfg: parseMmCfg(found === undefined ? Buffer.alloc(0) : readSourceFile(found)),
    mmCfgPath: found,
    listNames: folders.filter(hasList),
    foldersWithoutList: folders.filter((name) => !hasList(name)),
  };
}

function isNoFile(path: string): boolean {
  try {
    return statOf(path)?.isDirectory() ?? true;
  } catch (error) {
    if (error instanceof SourceFileError) return true;
    throw error;
  }
}

/** What cannot be looked at is not left out silently: opening it says why it cannot be. */
function mayBeFile(path: string): boolean {
  try {
    return statOf(path)?.isFile() ?? false;
  } catch (error) {
    if (error instanceof SourceFileError) return true;
    throw error;
  }
}

/** The folder of a list. */
export function listFolder(site: Site, name: string): string {
  return join(site.path, 'lists', name);
}

/** A text that mm_cfg.py sets. */
export function textSetting({ mmCfg }: Site, name: string): string | undefined {
  const value = mmCfg.settings.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number that mm_cfg.py sets. */
export function numberSetting({ mmCfg }: Site, name: string): number | undefined {
  const value = mmCfg.settings.get(name);
  return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : undefined;
}

/** The name of the list that stands for the whole site. */
export function siteListName(site: Site): string {
  return textSetting(site, 'MAILMAN_SITE_LIST') ?? 'mailman';
}

/** What the passwords of the site are, as 40 hex digits; undefined where there is none. The last octet does not count. */
export function sitePasswords(site: Site): Readonly<Record<'admin' | 'creator', string | undefined>> {
  const read = (file: string): string | undefined => {
    const bytes = readIfThere(join(site.path, 'data', file));
    const hex = bytes?.subarray(0, -1).toString('latin1') ?? '';
    return /^[0-9a-f]{40}$/.test(hex) ? hex : undefined;
  };
  return { admin: read('adm.pw'), creator: read('creator.pw') };
}

function findMmCfg(root: string, given: string | undefined): string | undefined {
  if (given !== undefined) return resolve(given);
  const inTree = MM_CFG_PLACES.map((place) => join(root, place));
  const isInstalled = root === '/var/lib/mailman';
  return [...inTree, ...(isInstalled ? [MM_CFG_SYSTEM] : [])].find((path) => statOf(path)?.isFile());
}
