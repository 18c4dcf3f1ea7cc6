import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Config } from '../../../src/config/index.ts';

const run = promisify(execFile);

/** The value of a setting of Postfix, with other settings filled in. */
export async function postfixSetting(
  { cutover, where }: Config,
  setting: string,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  const [program = '', ...options] = cutover.postconf_command.split(/\s+/);
  try {
    const { stdout } = await run(program, [...options, '-xh', setting], { timeout: 10_000 });
    return { text: stdout.trim() };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing ? `${program} does not exist` : String(error).split('\n')[0];
    return { problem: `${where('cutover', 'postconf_command')}: Postfix cannot be asked (${reason})` };
  }
}

/** The parts of a setting that is a list. */
export function partsOf(value: string): string[] {
  return value.split(/[\s,{}]+/).filter((part) => part !== '');
}
