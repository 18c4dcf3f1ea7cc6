import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FerrymanError } from '../../src/errors.ts';
import { domainKey } from '../../src/model/email-address.ts';
import { type ListName, postingAddress } from '../../src/model/mailing-list.ts';
import { TextDecoding } from '../import21/charset.ts';
import { readConfigPck } from '../import21/config-pck.ts';
import { charsetOfLanguage } from '../import21/languages.ts';
import type { PyDict } from '../pickle/values.ts';
import { LIST_FILES, listFolder, type Site, textSetting } from './site.ts';
import { readIfThere } from './source-file.ts';

/** A list cannot be opened; the message names the list, and every file that was tried. */
export class SourceListError extends FerrymanError {
  override name = 'SourceListError';
  /** Without the list, for whoever has named it already. */
  readonly reason: string;

  constructor(list: string, reason: string) {
    super(`${list}: ${reason}`);
    this.reason = reason;
  }
}

/** Why a list cannot be used, for a place where its name stands already. */
export function reasonBesideName(error: FerrymanError): string {
  return error instanceof SourceListError ? error.reason : error.message;
}

/** A list as it stands in a site. */
export interface SourceList {
  readonly name: string;
  readonly folder: string;
  readonly config: PyDict;
  /** The file that could be read. */
  readonly configPath: string;
  /** Why earlier files could not; empty nearly always. */
  readonly damaged: readonly string[];
  /** Of the file's bytes, in hex. */
  readonly digest: string;
  /** In the charset of its language. */
  readonly texts: TextDecoding;
}

/** Which domain lists go to; by name of the list, where that is not what its `host_name` says. */
export type DomainOf = ReadonlyMap<string, string>;

/**
 * Opens a list as Mailman does: the backup counts where the file itself is damaged.
 * @param files that count
 * @throws SourceListError, SourceFileError
 */
export function openSourceList(site: Site, name: string, files: readonly string[] = LIST_FILES): SourceList {
  const folder = listFolder(site, name);
  const damaged: string[] = [];
  for (const file of files) {
    const path = join(folder, file);
    // A file that this account may not read is not damaged: its backup says what was undone since.
    const bytes = readIfThere(path);
    if (!bytes) continue;
    try {
      const config = readConfigPck(bytes, path);
      const language = new TextDecoding('us-ascii').read(config.get('preferred_language'), '') ?? 'en';
      return {
        name,
        folder,
        config,
        configPath: path,
        damaged,
        digest: createHash('sha256').update(bytes).digest('hex'),
        texts: new TextDecoding(charsetOfLanguage(language)),
      };
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
      damaged.push(error.message);
    }
  }
  throw new SourceListError(name, damaged.join('; ') || 'has no config.pck');
}

/**
 * Opens a list as it is at this moment: a backup is older, and what it says was undone since.
 * @throws SourceListError
 */
export function openLiveList(site: Site, name: string): SourceList {
  return openSourceList(site, name, ['config.pck']);
}

/** A text of the list's settings. */
export function configText(
  { config, texts }: Pick<SourceList, 'config' | 'texts'>,
  key: string,
): string | undefined {
  return texts.read(config.get(key), key);
}

/** The address that a list gets: where it is now, or where it is told to go. @throws SourceListError without any domain */
export function targetName(site: Site, list: SourceList, domainOf: DomainOf): ListName {
  const wanted =
    domainOf.get(list.name) ?? configText(list, 'host_name') ?? textSetting(site, 'DEFAULT_EMAIL_HOST');
  const mailHost = domainKey(wanted ?? '');
  if (mailHost === '') {
    throw new SourceListError(
      list.name,
      `neither its settings nor mm_cfg.py name a mail host; say --domain-of ${list.name}=DOMAIN`,
    );
  }
  return { listName: list.name.toLowerCase(), mailHost };
}

/** `name@domain` */
export function targetAddress(site: Site, list: SourceList, domainOf: DomainOf): string {
  return postingAddress(targetName(site, list, domainOf));
}
