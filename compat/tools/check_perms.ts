import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CliContext } from '../../src/cli/context.ts';
import { getopt } from './getopt.ts';
import type { LegacyTool } from './tool.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const EVERYBODY = 0o007;

/** Something that is not as it should be, and how to mend it. */
interface Finding {
  readonly line: string;
  readonly mend: (() => void) | undefined;
}

/** `check_perms`: whether the server can read and write its files, and nobody else can. */
export const tool: LegacyTool = {
  usage: [
    'Usage: check_perms [-f] [-v]',
    '',
    '  -f, --fix      mend what can be mended',
    '  -v, --verbose  say what is looked at',
  ],
  run: async (argv, context) => {
    const { options } = getopt(argv, ['f/fix', 'v/verbose']);
    const findings = look(context, options.has('verbose'));
    for (const { line, mend } of findings) {
      const canMend = options.has('fix') && mend;
      context.print(canMend ? `${line} (fixing)` : line);
      if (canMend) mend();
    }
    if (findings.length === 0) context.print('No problems found');
    else {
      context.print(`Problems found: ${findings.length}`);
      if (!options.has('fix'))
        context.print('Re-run as the owner of these files (or root) with -f flag to fix');
    }
    return 0;
  },
};

function look(context: CliContext, isVerbose: boolean): Finding[] {
  const { paths, file } = context.config();
  const owner = lstatSync(paths.var_dir).uid;
  const folders = [paths.var_dir, paths.data_dir, paths.log_dir, paths.lock_dir, paths.list_data_dir];
  const findings: Finding[] = [];
  for (const folder of new Set(folders)) {
    if (isVerbose) context.print(`checking ${folder}`);
    findings.push(...check(folder, owner, folder === paths.data_dir));
    if (folder !== paths.data_dir) continue;
    for (const name of readdirSync(folder)) findings.push(...check(join(folder, name), owner, true));
  }
  if (file) {
    if (isVerbose) context.print(`checking ${file}`);
    // Passwords of database and REST stand there.
    findings.push(...check(file, undefined, true));
  }
  return findings;
}

function check(path: string, owner: number | undefined, isSecret: boolean): Finding[] {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return [{ line: `${path} does not exist`, mend: undefined }];
  if (stats.isSymbolicLink()) return [];
  const findings: Finding[] = [];
  if (owner !== undefined && stats.uid !== owner)
    findings.push({ line: `${path} belongs to user ${stats.uid}, must be ${owner}`, mend: undefined });
  const needed = stats.isDirectory() ? OWNER_ONLY_FOLDER : OWNER_ONLY_FILE;
  const mode = stats.mode & 0o7777;
  const wanted = (mode | needed) & ~(isSecret && !stats.isDirectory() ? EVERYBODY : 0o002);
  if (mode !== wanted) {
    const line = `${path} has mode ${mode.toString(8)}, must be ${wanted.toString(8)}`;
    findings.push({ line, mend: () => chmodSync(path, wanted) });
  }
  return findings;
}
