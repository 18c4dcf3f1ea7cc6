import { type Dirent, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../src/config/reasons.ts';
import { FerrymanError } from '../../src/errors.ts';
import type { Template } from '../../src/model/template.ts';
import { PyBytes } from '../pickle/values.ts';
import { TextDecoding } from './charset.ts';
import { charsetOfLanguage, isMailman21Language } from './languages.ts';
import { noticeTemplates } from './list-dir-names.ts';
import type { Notes } from './report.ts';
import { convertSubstitutions, placeholder, withoutPlaceholders } from './substitutions.ts';
import { TEMPLATE_NAMES } from './templates.ts';

/** Templates of pages and of notices that have no counterpart are kept under their old name. */
const KEPT_PREFIX = 'mailman21:';

const TEMPLATE_FILE = /^[\w.-]+\.(?:txt|html)$/;

/** The longest that the name of a template can be, with the prefix. */
const LONGEST_NAME = 255;

const LARGEST_TEMPLATE = 1024 * 1024;

const LEADS_NOWHERE = 'a link that leads nowhere';

/** A folder with templates, or one of them, cannot be read; the message names it and why. */
export class ListDirError extends FerrymanError {
  override name = 'ListDirError';
}

/** Code of Mailman 2.1 that changes how one list works. */
const PYTHON_EXTENSION = 'extend.py';

/** Fixed values that templates can contain. */
export interface ListDirContext {
  /** The list's own words of welcome, converted. */
  readonly welcome: string;
  /** The start of Mailman 2.1's web addresses. */
  readonly webPageUrl: string;
}

/**
 * The templates that an owner changed: `LIST/LANG/*.txt` and `*.html`.
 * @param folder the list's folder in Mailman 2.1's `lists`
 * @throws ListDirError
 */
export function readListDir(folder: string, context: ListDirContext, notes: Notes): Template[] {
  const templates: Template[] = [];
  for (const { name: language } of entries(folder)) {
    const path = join(folder, language);
    if (language === PYTHON_EXTENSION)
      notes.needsPerson(language, 'changes the list by Python code, which is not run here');
    if (!isMailman21Language(language)) continue;
    const status = statOf(path);
    if (!status) notes.needsPerson(language, `left out: ${LEADS_NOWHERE}`);
    if (!status?.isDirectory()) continue;
    for (const { name: file } of entries(path)) {
      const original = readTemplate(path, language, file, notes);
      if (original !== undefined) templates.push(convert(file, language, original, context, notes));
    }
  }
  return templates;
}

/** Whether a template is one that a list's folder decides about. */
export function comesFromListDir({ name, language }: Pick<Template, 'name' | 'language'>): boolean {
  if (language === '') return false;
  return (
    name.startsWith(KEPT_PREFIX) ||
    TEMPLATE_NAMES.has(name) ||
    [...noticeTemplates.values()].some((known) => known.name === name)
  );
}

function readTemplate(folder: string, language: string, file: string, notes: Notes): string | undefined {
  const path = join(folder, file);
  const subject = `${language}/${file}`;
  const problem = problemOf(file, statOf(path));
  if (problem !== undefined) {
    notes.needsPerson(subject, `left out: ${problem}`);
    return undefined;
  }
  const texts = new TextDecoding(charsetOfLanguage(language));
  const original = texts.read(PyBytes.from(reading(path, () => readFileSync(path))), subject);
  for (const misread of texts.misread) notes.needsPerson(subject, misread.problem);
  return original;
}

/** Why a file is no template that can be read. */
function problemOf(file: string, status: Stats | undefined): string | undefined {
  if (!TEMPLATE_FILE.test(file)) return 'no .txt or .html file';
  if (!status) return LEADS_NOWHERE;
  if (!status.isFile()) return 'no file';
  if (status.size > LARGEST_TEMPLATE) return `larger than ${LARGEST_TEMPLATE} bytes`;
  return KEPT_PREFIX.length + file.length > LONGEST_NAME ? 'its name is too long' : undefined;
}

/** Undefined for a link that leads nowhere, or round in circles. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function convert(
  file: string,
  language: string,
  original: string,
  context: ListDirContext,
  notes: Notes,
): Template {
  const subject = `${language}/${file}`;
  const known = noticeTemplates.get(file);
  if (!known) {
    notes.keptAside(subject, `as template ${KEPT_PREFIX}${file}`);
    return { name: KEPT_PREFIX + file, language, source: { text: original } };
  }
  const web = withoutPlaceholders(context.webPageUrl);
  const listinfo = `${web}listinfo/\${short_listname}`;
  const values = new Map([
    ['welcome', context.welcome],
    ['listinfo_url', listinfo],
    ['got_listinfo_url', listinfo],
    ...(known.isForMember
      ? [['optionsurl', `${web}options/\${short_listname}/\${user_email_in_url}`] as const]
      : []),
    ...Object.entries(known.placeholders).map(([name, here]): [string, string] => [name, placeholder(here)]),
  ]);
  const rightlyEmpty = new Set(['umbrella', 'welcome']);
  const { text, unknown, dropped } = convertSubstitutions(original, 'percent', values, rightlyEmpty);
  for (const placeholder of new Set(unknown))
    notes.needsPerson(subject, `${placeholder} is not known to ${known.name} and stays as it is`);
  for (const placeholder of new Set(dropped))
    notes.changedMeaning(subject, `${placeholder} is gone from the text: passwords are not mailed here`);
  return { name: known.name, language, source: { text } };
}

function entries(folder: string): Dirent[] {
  const found = reading(folder, () => readdirSync(folder, { withFileTypes: true }));
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ListDirError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}
