import { nearest } from './errors.ts';
import type { ParsedFile } from './parse.ts';
import { type CategorySpec, categories, obsoleteKeys, singleSections } from './schema/index.ts';
import type { SectionSpec } from './schema/types.ts';

/** A value as written, with the file and line it comes from; a built-in value has neither. */
export interface Setting {
  readonly value: string;
  readonly origin?: { readonly file: string; readonly line: number };
}

/** A file that was read. */
export interface SourceFile {
  readonly file: string;
  readonly sections: ParsedFile;
}

/** What loading collects on the way: problems stop it, notices are for the log. */
export interface Findings {
  readonly problems: string[];
  readonly notices: string[];
}

type Section = ReadonlyMap<string, Setting>;
type Overlay = ReadonlyMap<string, Map<string, Setting>>;

/** All sections with all keys, as texts. */
export class Settings {
  readonly #sections: ReadonlyMap<string, Section>;
  readonly #userFile: string | undefined;

  constructor(sections: ReadonlyMap<string, Section>, userFile: string | undefined) {
    this.#sections = sections;
    this.#userFile = userFile;
  }

  /** The names of all sections, sorted with upper case first. */
  names(): readonly string[] {
    return [...this.#sections.keys()].sort();
  }

  /** The names of a category's sections without the category. */
  members(category: string): readonly string[] {
    return this.names()
      .filter((name) => name.startsWith(`${category}.`) && !name.endsWith('.master'))
      .map((name) => name.slice(category.length + 1));
  }

  section(name: string): Section | undefined {
    return this.#sections.get(name);
  }

  value(section: string, key: string): string {
    return this.#sections.get(section)?.get(key)?.value ?? '';
  }

  /**
   * Names a value for a message: `FILE:LINE: [section] key`. A default has no line, and the file is the one to change
   * it in.
   */
  where(section: string, key: string): string {
    const origin = this.#sections.get(section)?.get(key)?.origin;
    const place =
      origin === undefined ? (this.#userFile ?? 'no configuration file') : `${origin.file}:${origin.line}`;
    return `${place}: [${section}] ${key}`;
  }
}

/** Lays the files over the built-in values, later files over earlier ones, and checks all names. */
export function mergeSettings(files: readonly SourceFile[], findings: Findings): Settings {
  const overlay = overlayOf(files, findings);
  const sections = new Map<string, Section>();
  for (const [name, spec] of Object.entries<SectionSpec>(singleSections)) {
    sections.set(name, fill(spec, overlay.get(name)));
  }
  for (const [category, spec] of Object.entries<CategorySpec>(categories)) {
    const pattern = `${category}.${spec.pattern}`;
    if (spec.patternListed) sections.set(pattern, fill(spec.keys, overlay.get(pattern)));
    const added = [...overlay.keys()].filter((name) => name.startsWith(`${category}.`) && name !== pattern);
    const names = new Set([...Object.keys(spec.shipped).map((member) => `${category}.${member}`), ...added]);
    for (const name of names) sections.set(name, member(spec, name, overlay));
  }
  return new Settings(sections, files[0]?.file);
}

/** The keys of one section of a category: its own, else as shipped, else as the pattern says. */
function member(spec: CategorySpec, name: string, overlay: Overlay): Section {
  const category = name.slice(0, name.indexOf('.'));
  const own = overlay.get(name);
  const shipped = spec.shipped[name.slice(category.length + 1)];
  const pattern = overlay.get(`${category}.${spec.pattern}`);
  const result = new Map(fill(spec.keys, pattern));
  for (const key of Object.keys(spec.furtherKeys)) {
    const setting = pattern?.get(key);
    if (setting !== undefined) result.set(key, setting);
  }
  for (const [key, value] of Object.entries(shipped ?? {})) result.set(key, { value });
  for (const [key, setting] of own ?? []) result.set(key, setting);
  return result;
}

function fill(spec: SectionSpec, overlay: Section | undefined): Section {
  return new Map(
    Object.entries(spec).map(([key, { default: value }]) => [key, overlay?.get(key) ?? { value }] as const),
  );
}

function overlayOf(files: readonly SourceFile[], findings: Findings): Overlay {
  const overlay = new Map<string, Map<string, Setting>>();
  for (const { file, sections } of files) {
    for (const [name, { line, entries }] of sections) {
      const known = knownKeys(name);
      if (known === undefined) {
        findings.problems.push(`${file}:${line}: [${name}]: no such section; ${expectedSection(name)}`);
        continue;
      }
      const target = overlay.get(name) ?? new Map<string, Setting>();
      overlay.set(name, target);
      for (const [key, entry] of entries) {
        const where = `${file}:${entry.line}: [${name}] ${key}`;
        if (known.keys.has(key) || (known.open && /^[a-z_]\w*$/.test(key))) {
          target.set(key, { value: entry.value, origin: { file, line: entry.line } });
        } else if (obsoleteKeys[name]?.includes(key)) {
          findings.notices.push(`${where}: of an earlier version of Mailman, has no effect`);
        } else {
          findings.problems.push(`${where}: no such key; ${expectedKey(key, known.keys)}`);
        }
      }
    }
  }
  return overlay;
}

interface KnownKeys {
  readonly keys: ReadonlySet<string>;
  readonly open: boolean;
}

function knownKeys(section: string): KnownKeys | undefined {
  const single = Object.entries<SectionSpec>(singleSections).find(([name]) => name === section)?.[1];
  if (single !== undefined) return { keys: new Set(Object.keys(single)), open: false };
  const [, category, name] = /^([a-z]+)\.([^\s.]+)$/.exec(section) ?? [];
  const spec = Object.entries<CategorySpec>(categories).find(([known]) => known === category)?.[1];
  if (spec === undefined || name === undefined) return undefined;
  return { keys: new Set([...Object.keys(spec.keys), ...Object.keys(spec.furtherKeys)]), open: spec.open };
}

function expectedSection(name: string): string {
  const category = Object.keys(categories).find((known) => known === name.replace(/\..*$/s, ''));
  if (category !== undefined) return `expected [${category}.NAME] with a name without blanks and dots`;
  const known = [...Object.keys(singleSections), ...Object.keys(categories).map((one) => `${one}.NAME`)];
  const [head = '', ...tail] = name.split('.');
  const close = nearest(tail.length === 0 ? head : `${head}.NAME`, known);
  return close === undefined ? `expected one of ${known.join(', ')}` : `did you mean [${close}]?`;
}

function expectedKey(key: string, known: ReadonlySet<string>): string {
  const close = nearest(key, known);
  return close === undefined ? `expected one of ${[...known].join(', ')}` : `did you mean ${close}?`;
}
