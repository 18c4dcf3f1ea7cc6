import { ConfigError } from './errors.ts';

/** The value of a key and the line (from 1) that it begins on. */
export interface Entry {
  readonly value: string;
  readonly line: number;
}

/** One section: where its first heading stands, and its keys in lower case. */
export interface ParsedSection {
  readonly line: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The sections of one file. */
export type ParsedFile = ReadonlyMap<string, ParsedSection>;

/** Larger than any configuration that people write, small enough to read at once. */
export const MAX_CONFIG_BYTES = 1_048_576;

const HEADING = /^\[([^\]]+)\]\s*(?:[#;].*)?$/;
const ASSIGNMENT = /^([^:=]+?)\s*[:=]\s*(.*)$/;

interface OpenEntry {
  readonly lines: string[];
  readonly line: number;
}

interface OpenSection {
  readonly line: number;
  readonly entries: Map<string, OpenEntry>;
}

/**
 * Reads a configuration file. A line that is indented deeper than the key above it continues that key's value, which
 * keeps the line break and loses the indentation. A section or key that comes twice: the later value counts.
 */
export function parseConfig(bytes: Uint8Array, file: string): ParsedFile {
  const sections = new Map<string, OpenSection>();
  let section: OpenSection | undefined;
  let sectionName = '';
  let open: OpenEntry | undefined;
  let keyIndent = 0;

  for (const [index, text] of decode(bytes, file)
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const content = text.trim();
    if (content.startsWith('#') || content.startsWith(';')) continue;
    if (content === '') {
      open?.lines.push('');
      continue;
    }
    const indent = text.length - text.trimStart().length;
    if (open !== undefined && indent > keyIndent) {
      open.lines.push(content);
      continue;
    }
    keyIndent = indent;
    const heading = HEADING.exec(content)?.[1];
    if (heading !== undefined) {
      sectionName = heading.trim();
      section = sections.get(sectionName) ?? { line, entries: new Map() };
      sections.set(sectionName, section);
      open = undefined;
      continue;
    }
    if (section === undefined) {
      throw new ConfigError([
        `${file}:${line}: found text before any section, expected a line such as [mailman]`,
      ]);
    }
    const [, key, value] = ASSIGNMENT.exec(content) ?? [];
    if (key === undefined || value === undefined) {
      throw new ConfigError([
        `${file}:${line}: [${sectionName}]: found a line that is neither "key: value" nor a [section]; expected one of them (a value that continues is indented)`,
      ]);
    }
    open = { lines: [value], line };
    section.entries.set(key.toLowerCase(), open);
  }
  return new Map([...sections].map(([name, found]) => [name, close(found)]));
}

function close(section: OpenSection): ParsedSection {
  const entries = [...section.entries].map(
    ([key, { lines, line }]) => [key, { value: lines.join('\n').trimEnd(), line }] as const,
  );
  return { line: section.line, entries: new Map(entries) };
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > MAX_CONFIG_BYTES) {
    throw new ConfigError([`${file}: found ${bytes.length} bytes, expected at most ${MAX_CONFIG_BYTES}`]);
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    throw new ConfigError([`${file}:${lineAt(bytes, zero)}: found a NUL byte, expected text in UTF-8`]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError([
      `${file}:${badLine(bytes)}: found bytes that are not UTF-8, expected text in UTF-8`,
    ]);
  }
}

function lineAt(bytes: Uint8Array, offset: number): number {
  return bytes.subarray(0, offset).filter((byte) => byte === 10).length + 1;
}

/** A UTF-8 sequence never contains a line feed, so each line can be tried alone. */
function badLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(start, stop));
    } catch {
      break;
    }
    start = stop + 1;
  }
  return line;
}
