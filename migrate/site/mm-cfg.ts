import { TextDecoder } from 'node:util';

/** A value that a configuration line of Mailman 2.1 gives. */
export type ConfigValue =
  | null
  | boolean
  | number
  | string
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** What a site's mm_cfg.py says, read as data: it is a Python program, and is never run. */
export interface MmCfg {
  readonly settings: ReadonlyMap<string, ConfigValue>;
  /** Mail host by web host, from `add_virtualhost` and VIRTUAL_HOSTS. */
  readonly virtualHosts: ReadonlyMap<string, string>;
  /** Lines that only Python could understand. */
  readonly notUnderstood: readonly { readonly line: number; readonly text: string }[];
}

const LONGEST_FILE = 1024 * 1024;
const DEEPEST = 20;
/** Lines of one statement. */
const LONGEST_STATEMENT = 500;

/** What Defaults.py gives names that sites use in their own settings. */
const CONSTANTS: Readonly<Record<string, ConfigValue>> = {
  None: null,
  True: true,
  False: false,
  Yes: true,
  yes: true,
  On: true,
  on: true,
  No: false,
  no: false,
  Off: false,
  off: false,
};

const DURATIONS: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
  weeks: 604_800,
};

/** Nothing of the expected form stands here. */
class NoLiteral extends Error {}

/** Reads `NAME = literal`, `NAME.append(literal)`, `add_virtualhost(...)`; all else is named with its line. */
export function parseMmCfg(bytes: Uint8Array): MmCfg {
  const settings = new Map<string, ConfigValue>();
  const virtualHosts = new Map<string, string>();
  const notUnderstood: { line: number; text: string }[] = [];
  for (const { line, text } of logicalLines(decodeSource(bytes))) {
    try {
      if (!readStatement(text, settings, virtualHosts)) notUnderstood.push({ line, text: text.trim() });
    } catch (error) {
      if (!(error instanceof NoLiteral)) throw error;
      notUnderstood.push({ line, text: text.trim() });
    }
  }
  return { settings, virtualHosts, notUnderstood };
}

function readStatement(
  text: string,
  settings: Map<string, ConfigValue>,
  virtualHosts: Map<string, string>,
): boolean {
  if (/^(?:from\s+(?:Mailman\.)?Defaults\s+import\s*\*|import\s+[\w., ]+|pass)\s*$/.test(text)) return true;
  // A text on its own is a comment.
  if (/^["']/.test(text) && new Literals(text, settings).whole() !== undefined) return true;
  const host = /^add_virtualhost\s*\((.*)\)\s*$/s.exec(text);
  if (host) return addVirtualHost(new Literals(`[${host[1]}]`, settings).whole(), virtualHosts);
  const change = /^([A-Za-z_]\w*)\.(append|extend|update|clear)\s*\((.*)\)\s*$/s.exec(text);
  if (change) return applyChange(change, settings, virtualHosts);
  const assignment = /^([A-Za-z_]\w*)\s*(\+?=)(?!=)\s*(.*)$/s.exec(text);
  if (!assignment) return false;
  const [, name = '', operator, expression = ''] = assignment;
  const value = new Literals(expression, settings).whole();
  settings.set(name, operator === '=' ? value : add(settings.get(name) ?? [], value));
  if (name === 'VIRTUAL_HOSTS') {
    virtualHosts.clear();
    for (const [web, mail] of Object.entries(value ?? {})) virtualHosts.set(web, String(mail));
  }
  return true;
}

function applyChange(
  [, name = '', method = '', argument = '']: RegExpExecArray,
  settings: Map<string, ConfigValue>,
  virtualHosts: Map<string, string>,
): boolean {
  if (method === 'clear') {
    if (name === 'VIRTUAL_HOSTS') virtualHosts.clear();
    else settings.set(name, []);
    return true;
  }
  const value = new Literals(argument, settings).whole();
  if (method === 'update') {
    if (name !== 'VIRTUAL_HOSTS' || value === null || typeof value !== 'object') return false;
    for (const [web, mail] of Object.entries(value)) virtualHosts.set(web.toLowerCase(), String(mail));
    return true;
  }
  settings.set(name, add(settings.get(name) ?? [], method === 'append' ? [value] : value));
  return true;
}

function addVirtualHost(value: ConfigValue, virtualHosts: Map<string, string>): boolean {
  const [web, mail] = Array.isArray(value) ? (value as readonly ConfigValue[]) : [];
  if (typeof web !== 'string') return false;
  // As Defaults.py does it where only the web host is given: its name without the first part.
  const fallback = web.split('.').slice(1).join('.') || web;
  virtualHosts.set(web.toLowerCase(), (typeof mail === 'string' ? mail : fallback).toLowerCase());
  return true;
}

function add(one: ConfigValue, other: ConfigValue): ConfigValue {
  if (typeof one === 'string' && typeof other === 'string') return one + other;
  if (typeof one === 'number' && typeof other === 'number') return one + other;
  if (Array.isArray(one) && Array.isArray(other))
    return [...(one as ConfigValue[]), ...(other as ConfigValue[])];
  throw new NoLiteral();
}

/** Reads an expression of literals, known names, `+`, `*`, `%`-less texts, and durations such as `days(3)`. */
class Literals {
  readonly #tokens: readonly string[];
  readonly #settings: ReadonlyMap<string, ConfigValue>;
  #at = 0;

  constructor(text: string, settings: ReadonlyMap<string, ConfigValue>) {
    this.#tokens = tokensOf(text);
    this.#settings = settings;
  }

  /** @throws NoLiteral where anything is left */
  whole(): ConfigValue {
    const value = this.#sum(0);
    if (this.#at < this.#tokens.length) throw new NoLiteral();
    return value;
  }

  #sum(depth: number): ConfigValue {
    let value = this.#product(depth);
    while (this.#take('+')) value = add(value, this.#product(depth));
    return value;
  }

  #product(depth: number): ConfigValue {
    let value = this.#atom(depth);
    while (this.#take('*')) {
      const factor = this.#atom(depth);
      if (typeof value !== 'number' || typeof factor !== 'number') throw new NoLiteral();
      value *= factor;
    }
    return value;
  }

  #atom(depth: number): ConfigValue {
    if (depth > DEEPEST) throw new NoLiteral();
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined) throw new NoLiteral();
    if (token === '-') {
      const value = this.#atom(depth + 1);
      if (typeof value !== 'number') throw new NoLiteral();
      return -value;
    }
    if (/^[\d.]/.test(token)) return readNumber(token);
    if (/^[urbURB]{0,2}["']/.test(token)) return this.#text(token);
    if (token === '[') return this.#sequence(']', depth);
    if (token === '(') return this.#parenthesis(depth);
    if (token === '{') return this.#dictionary(depth);
    return this.#name(token, depth);
  }

  /** Texts that follow each other are one. */
  #text(first: string): string {
    let text = readText(first);
    for (let next = this.#tokens[this.#at]; next !== undefined && /^[urbURB]{0,2}["']/.test(next); ) {
      text += readText(next);
      this.#at += 1;
      next = this.#tokens[this.#at];
    }
    return text;
  }

  #sequence(end: string, depth: number): ConfigValue[] {
    const items: ConfigValue[] = [];
    while (!this.#take(end)) {
      items.push(this.#sum(depth + 1));
      if (!this.#take(',') && this.#tokens[this.#at] !== end) throw new NoLiteral();
    }
    return items;
  }

  /** A tuple counts as a list; one value in parentheses as itself. */
  #parenthesis(depth: number): ConfigValue {
    const start = this.#at;
    const items = this.#sequence(')', depth);
    const hasComma = this.#tokens[this.#at - 2] === ',' && this.#at - 2 > start;
    const [only] = items;
    return items.length === 1 && !hasComma && only !== undefined ? only : items;
  }

  #dictionary(depth: number): ConfigValue {
    const entries: [string, ConfigValue][] = [];
    while (!this.#take('}')) {
      const key = this.#sum(depth + 1);
      if (!this.#take(':')) throw new NoLiteral();
      entries.push([String(key), this.#sum(depth + 1)]);
      if (!this.#take(',') && this.#tokens[this.#at] !== '}') throw new NoLiteral();
    }
    return Object.fromEntries(entries);
  }

  #name(name: string, depth: number): ConfigValue {
    const unit = Object.hasOwn(DURATIONS, name) ? DURATIONS[name] : undefined;
    if (unit !== undefined && this.#take('(')) {
      const count = this.#sum(depth + 1);
      if (typeof count !== 'number' || !this.#take(')')) throw new NoLiteral();
      return count * unit;
    }
    const known = this.#settings.get(name);
    if (known !== undefined) return known;
    if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name] ?? null;
    throw new NoLiteral();
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

const TOKEN =
  /[urbURB]{0,2}(?:"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""|'''(?:[^'\\]|\\[\s\S]|'(?!''))*'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?|\.\d+|[A-Za-z_]\w*|[[\](){},:+*-]/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const blank = /[\s\\]+|#[^\n]*/y;
  for (let at = 0; at < text.length; ) {
    blank.lastIndex = at;
    const gap = blank.exec(text);
    if (gap) {
      at = blank.lastIndex;
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined || token === '') throw new NoLiteral();
    tokens.push(token);
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function readNumber(token: string): number {
  // Python 2 takes a leading 0 for an octal number.
  return /^0[0-7]+$/.test(token) ? Number.parseInt(token, 8) : Number(token);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function readText(token: string): string {
  const [, prefix = ''] = /^([urbURB]{0,2})/.exec(token) ?? [];
  const quoted = token.slice(prefix.length);
  const fence = /^("""|''')/.test(quoted) ? 3 : 1;
  const inner = quoted.slice(fence, -fence);
  if (/[rR]/.test(prefix)) return inner;
  return inner.replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? (/[\\'"]/.test(code) ? code : whole);
  });
}

/** Statements with the number of their first line; comments and blank lines left out. A block counts line by line. */
function* logicalLines(source: string): Generator<{ line: number; text: string }> {
  const lines = source.split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    let text = lines[index] ?? '';
    if (/^\s*(?:#|$)/.test(text)) continue;
    while (index + 1 < lines.length && index - line < LONGEST_STATEMENT && isOpen(text)) {
      index += 1;
      text += `\n${lines[index] ?? ''}`;
    }
    yield { line, text: /^\s/.test(text) ? text : withoutComment(text) };
  }
}

/** Whether a statement goes on in the next line. */
function isOpen(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '#') {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      at = end;
    } else if (char === '"' || char === "'") {
      const end = endOfText(text, at);
      if (end === undefined) return text.startsWith(char.repeat(3), at);
      at = end;
    } else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
  }
  return depth > 0 || /\\\s*$/.test(text);
}

function endOfText(text: string, start: number): number | undefined {
  const quote = text[start] ?? '';
  const fence = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let at = start + fence.length; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(fence, at)) return at + fence.length - 1;
    else if (fence.length === 1 && text[at] === '\n') return undefined;
  }
  return undefined;
}

function withoutComment(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"' || char === "'") at = endOfText(text, at) ?? text.length;
    else if (char === '#' && !text.slice(at).includes('\n')) return text.slice(0, at).trimEnd();
  }
  return text.trimEnd();
}

function decodeSource(bytes: Uint8Array): string {
  const part = bytes.subarray(0, LONGEST_FILE);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(part);
  } catch {
    return Buffer.from(part).toString('latin1');
  }
}
