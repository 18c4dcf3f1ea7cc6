import { dirname, resolve } from 'node:path';
import type { Surroundings } from './locate.ts';
import { pathKeys } from './schema/categories.ts';
import type { SectionValues } from './schema/types.ts';
import type { Findings, Settings } from './settings.ts';
import { substitute, variablesOf } from './substitute.ts';
import { quote } from './values.ts';

/** The paths of the layout in use, absolute; further keys of its section are there under their names. */
export type Paths = SectionValues<typeof pathKeys> & Readonly<Record<string, string>>;

/** The value of `template_dir` that means the templates which come with the program. */
export const BUILT_IN_TEMPLATES = ':source:';

/** Expands the paths of the layout that `[mailman] layout` names. */
export function expandPaths(
  settings: Settings,
  configFile: string | undefined,
  { env, cwd, argv0 }: Surroundings,
  findings: Findings,
): Paths {
  const layout = settings.value('mailman', 'layout');
  const section = `paths.${layout}`;
  const entries = settings.section(section);
  if (entries === undefined || layout === 'master') {
    const known = settings.members('paths').join(', ');
    findings.problems.push(
      `${settings.where('mailman', 'layout')}: No path configuration found: ${section}; expected one of ${known}`,
    );
    return {} as Paths;
  }

  const given = new Map([
    ['cwd', cwd],
    ['argv', dirname(resolve(cwd, argv0))],
  ]);
  if (configFile !== undefined) given.set('cfg_file', configFile);
  const done = new Map<string, string>(env.MAILMAN_VAR_DIR ? [['var_dir', env.MAILMAN_VAR_DIR]] : []);
  const reported = new Set<string>();

  const expand = (key: string, above: readonly string[]): string => {
    const known = done.get(key);
    if (known !== undefined) return known;
    const fail = (text: string): string => {
      // One problem for each chain of references, whichever of its keys is expanded first.
      if (!above.some((name) => reported.has(name)) && !reported.has(key)) {
        findings.problems.push(`${settings.where(section, key)}: ${text}`);
      }
      for (const name of [...above, key]) reported.add(name);
      return '';
    };
    const value = settings.value(section, key);
    if (above.includes(key)) {
      return fail(
        `Path expansion infloop detected: ${[...above.slice(above.indexOf(key)), key].join(' -> ')}`,
      );
    }
    const chain = [...above, key];
    const unknown = variablesOf(value).find((name) => !entries.has(name) && !given.has(name));
    if (unknown !== undefined) {
      const names = [...entries.keys(), ...given.keys()];
      return fail(
        `found ${quote(value)} with an unknown variable $${unknown}, expected one of ${names.map((name) => `$${name}`).join(' ')}`,
      );
    }
    const expanded = substitute(value, (name) => (entries.has(name) ? expand(name, chain) : given.get(name)));
    done.set(key, expanded);
    return expanded;
  };

  const result = [...entries.keys()].map((key) => {
    const expanded = expand(key, []);
    const isPath = Object.hasOwn(pathKeys, key) && expanded !== BUILT_IN_TEMPLATES;
    return [key, isPath ? resolve(cwd, expanded) : expanded] as const;
  });
  return Object.freeze(Object.fromEntries(result)) as Paths;
}

/** Gives the paths as variables in lower case (`$var_dir`). */
export function lowerCaseVariables(paths: Paths): (name: string) => string | undefined {
  return (name) => (Object.hasOwn(paths, name) ? paths[name] : undefined);
}

/** Gives the paths as variables in upper case (`$DATA_DIR`), as most sections write them. */
export function upperCaseVariables(paths: Paths): (name: string) => string | undefined {
  const lower = lowerCaseVariables(paths);
  return (name) => (name === name.toUpperCase() ? lower(name.toLowerCase()) : undefined);
}
