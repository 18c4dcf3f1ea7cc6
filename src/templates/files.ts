import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Config } from '../config/index.ts';
import { BUILT_IN_TEMPLATES } from '../config/paths.ts';
import { charsetsBeforeUtf8 } from '../language/index.ts';
import { decode } from '../message/charset.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';

/** A text of more bytes is no template. */
export const LARGEST_TEMPLATE = 1024 * 1024;

/** The folders of `template_dir` that a list looks into for a language, first choice first. */
function templateFolders(templateDir: string, list: MailingList, language: string): readonly string[] {
  return [['lists', list.listId], ['lists', postingAddress(list)], ['domains', list.mailHost], ['site']].map(
    (path) => join(templateDir, ...path, language),
  );
}

/** The text of `template_dir/…/LANGUAGE/NAME.txt` for a list; undefined where there is no such file. */
export function templateFile(
  { paths }: Pick<Config, 'paths'>,
  { name, list, language }: { readonly name: string; readonly list: MailingList; readonly language: string },
): string | undefined {
  if (paths.template_dir === BUILT_IN_TEMPLATES || !/^[\w-]+$/.test(language)) return undefined;
  for (const folder of templateFolders(paths.template_dir, list, language)) {
    const text = readText(join(folder, `${name}.txt`), language);
    if (text !== undefined) return text;
  }
  return undefined;
}

/**
 * The file that a `file:` URI names: below `template_dir`, or a `.txt` file below `etc_dir`. Whoever may set a
 * template could otherwise read every file of the server by mail.
 */
export function permittedFile({ paths }: Pick<Config, 'paths'>, path: string): string | undefined {
  const real = realPath(path);
  if (real === undefined) return undefined;
  const permitted =
    isBelow(real, paths.template_dir) || (isBelow(real, paths.etc_dir) && real.endsWith('.txt'));
  return permitted ? readText(real) : undefined;
}

function isBelow(path: string, folder: string): boolean {
  const real = realPath(folder);
  return real !== undefined && path.startsWith(real.endsWith(sep) ? real : real + sep);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The text of a regular file, in UTF-8 or as texts in its language once were; undefined where none can be read. */
function readText(path: string, language = ''): string | undefined {
  try {
    // Most files that are looked for do not exist, and an exception costs ten times as much as this.
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status?.isFile() || status.size > LARGEST_TEMPLATE) return undefined;
    return decode(readFileSync(path), 'utf-8', { fallbacks: charsetsBeforeUtf8(language) })
      .replace(/^\ufeff/, '')
      .replace(/\r\n?/g, '\n');
  } catch {
    return undefined;
  }
}
