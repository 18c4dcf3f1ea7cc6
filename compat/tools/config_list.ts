import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { PythonValues } from '../../migrate/export21/python-values.ts';
import { charsetOfLanguage } from '../../migrate/import21/languages.ts';
import type { Note } from '../../migrate/import21/report.ts';
import { numberOf, type PickleValue, PyBytes, PyDict, PyTuple } from '../../migrate/pickle/values.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { isSystemError, systemErrorText } from '../../src/cli/system-error.ts';
import { lockList } from '../../src/database/lists.ts';
import { decode } from '../../src/message/charset.ts';
import { utcNow } from '../../src/model/time.ts';
import { applyDifference, configOf, planOf } from './config-list/apply-config.ts';
import { attributeNamed } from './config-list/attributes.ts';
import { checkValue } from './config-list/check-value.ts';
import { type Assignment, PythonSourceError, readAssignments } from './config-list/python-source.ts';
import { configSource } from './config-list/write-config.ts';
import { getopt } from './getopt.ts';
import { neededList } from './legacy-list.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

const STDIN = 0;
const STDOUT = 1;

/** `config_list` */
export const tool: LegacyTool = {
  usage: [
    'Usage: config_list -o FILE | -i FILE [-c] [-v] LISTNAME',
    '',
    '  -o FILE, --outputfile=FILE  write the settings; - is standard output',
    '  -i FILE, --inputfile=FILE   set what is assigned in the file; it is read as data, Python is not run',
    '  -c, --checkonly             only check the file',
    '  -v, --verbose               say what is changed',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['o/outputfile=', 'i/inputfile=', 'c/checkonly', 'v/verbose']);
    const [name, ...extra] = rest;
    const output = options.get('outputfile')?.at(-1);
    const input = options.get('inputfile')?.at(-1);
    if (name === undefined) throw new ToolUsageError('List name is required');
    if (extra.length > 0) throw new ToolUsageError(`Extra arguments: ${extra.join(' ')}`);
    if (output !== undefined && input !== undefined)
      throw new ToolUsageError('Only one of -i or -o is allowed');
    if (output === undefined && input === undefined) throw new ToolUsageError('One of -i or -o is required');
    if (output !== undefined) return writeOut(context, name, output);
    return readIn(context, name, input ?? '', {
      checkOnly: options.has('checkonly'),
      verbose: options.has('verbose') || options.has('checkonly'),
    });
  },
};

async function writeOut(context: CliContext, name: string, file: string): Promise<number> {
  const source = await context.withDatabase(async ({ connection }) => {
    const list = await neededList(connection, name);
    const charset = charsetOfLanguage(list.settings.preferred_language);
    const values = new PythonValues(charset);
    const config = await configOf(connection, list, utcNow());
    const heading = { listName: list.listName, charset, date: new Date().toString().slice(0, 24) };
    return configSource(config, heading, (text) => values.bytes(text).latin1);
  });
  const bytes = Buffer.from(source, 'latin1');
  if (file !== '-') writeFileSync(file, bytes);
  else for (let at = 0; at < bytes.length; ) at += writeSync(STDOUT, bytes, at);
  return 0;
}

interface Reading {
  readonly checkOnly: boolean;
  readonly verbose: boolean;
}

async function readIn(context: CliContext, name: string, file: string, reading: Reading): Promise<number> {
  const latin1 = readSource(file);
  const said = await context.transaction(async (connection) => {
    const { listId } = await neededList(connection, name);
    // Another change of the list waits until this one is done.
    const list = await lockList(connection, listId);
    if (!list) throw new ToolError(`No such list: ${name}`);
    const charset = charsetOfLanguage(list.settings.preferred_language);
    const assignments = assignmentsIn(latin1, charset, file);
    const languages = new Set(context.config().languages.keys());
    const config = await configOf(connection, list, utcNow());
    const before = planOf(config, list, languages);
    const lines: string[] = [];
    const texts: ListTexts = {
      values: new PythonValues(charset),
      text: (bytes) => decode(Buffer.from(bytes, 'latin1'), charset),
    };
    const checked = check(config, assignments, texts, reading, lines);
    const trial = planOf(withValues(config, checked), list, languages);
    for (const subject of newProblems(before.notes.all, trial.notes.all)) {
      const refused = checked.get(subject);
      if (!refused) continue;
      checked.delete(subject);
      lines.push(`Invalid value for property: ${subject} (line ${refused.line})`);
    }
    if (reading.checkOnly) return lines;
    await applyDifference(connection, list, before, planOf(withValues(config, checked), list, languages));
    return lines;
  });
  for (const line of said) context.warn(line);
  return 0;
}

function readSource(file: string): string {
  try {
    return readFileSync(file === '-' ? STDIN : file).toString('latin1');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ToolError(`${file}: ${systemErrorText(error)}`);
  }
}

const CODING = /^(?:[^\n]*\n)?[ \t]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/;

/** The assignments with byte strings in the charset of the list, whatever that of the file is. */
function assignmentsIn(latin1: string, listCharset: string, file: string): Assignment[] {
  const charset = CODING.exec(latin1)?.[1] ?? listCharset;
  const values = new PythonValues(listCharset);
  const decoded = (bytes: string): string => decode(Buffer.from(bytes, 'latin1'), charset);
  try {
    const assignments = readAssignments(latin1.replace(/^\xef\xbb\xbf/, ''), decoded);
    if (charset.toLowerCase() === listCharset) return assignments;
    return assignments.map((one) => ({
      ...one,
      value: mapBytes(one.value, (bytes) =>
        isAscii(bytes) ? new PyBytes(bytes) : values.bytes(decoded(bytes)),
      ),
    }));
  } catch (error) {
    throw error instanceof PythonSourceError ? new ToolError(`${file}, ${error.message}`) : error;
  }
}

function mapBytes(value: PickleValue, map: (bytes: string) => PyBytes): PickleValue {
  if (value instanceof PyBytes) return map(value.latin1);
  if (Array.isArray(value)) return value.map((item) => mapBytes(item, map));
  if (value instanceof PyTuple) return new PyTuple(value.items.map((item) => mapBytes(item, map)));
  return value;
}

function isAscii(bytes: string): boolean {
  return !/[\x80-\xff]/.test(bytes);
}

/** How the list's byte strings are written and read. */
interface ListTexts {
  readonly values: PythonValues;
  readonly text: (bytes: string) => string;
}

/** An assignment that is in order. */
interface Accepted {
  readonly value: PickleValue;
  readonly line: number;
}

/** What is to be set, by name. What is not is said. */
function check(
  config: PyDict,
  assignments: readonly Assignment[],
  { values, text }: ListTexts,
  { verbose }: Reading,
  lines: string[],
): Map<string, Accepted> {
  const accepted = new Map<string, Accepted>();
  for (const { name, value, line } of assignments) {
    const attribute = attributeNamed(name);
    const old = config.get(name);
    if (!attribute) {
      // Counters and members are not set by a file: they belong to the server.
      lines.push(`attribute "${name}" ignored`);
      continue;
    }
    const checked = checkValue(attribute, value);
    if ('badAddress' in checked)
      lines.push(`Bad email address for option ${name}: ${checked.badAddress} (line ${line})`);
    else if ('expected' in checked)
      lines.push(`Invalid value for property: ${name} (line ${line}: expected ${checked.expected})`);
    else if (
      old === undefined ||
      !isDeepStrictEqual(plainValue(old, text), plainValue(checked.value, text))
    ) {
      if (verbose) lines.push(`attribute "${name}" changed`);
      accepted.set(name, { value: sameType(checked.value, old, values), line });
    }
  }
  return accepted;
}

/** A value without the difference between byte strings and unicode, True and 1, lists and tuples, or line ends. */
function plainValue(value: PickleValue, text: (bytes: string) => string): unknown {
  if (typeof value === 'string' || value instanceof PyBytes)
    return (typeof value === 'string' ? value : text(value.latin1)).replaceAll('\r\n', '\n');
  const items = value instanceof PyTuple ? value.items : value;
  if (Array.isArray(items)) return items.map((item) => plainValue(item, text));
  return numberOf(value) ?? null;
}

/** What Mailman 2.1 keeps as unicode stays that. */
function sameType(value: PickleValue, old: PickleValue | undefined, values: PythonValues): PickleValue {
  return typeof value === 'string' && typeof old !== 'string' ? values.bytes(value) : value;
}

function withValues(config: PyDict, accepted: ReadonlyMap<string, Accepted>): PyDict {
  const changed = new PyDict(config);
  for (const [name, { value }] of accepted) changed.set(name, value);
  return changed;
}

/** Settings whose value has no meaning here, and had one before. */
function newProblems(before: readonly Note[], after: readonly Note[]): Set<string> {
  const known = new Set(before.map(({ kind, subject, text }) => `${kind} ${subject} ${text}`));
  return new Set(
    after
      .filter(
        ({ kind, subject, text }) => kind === 'needs_person' && !known.has(`${kind} ${subject} ${text}`),
      )
      .map(({ subject }) => subject),
  );
}
