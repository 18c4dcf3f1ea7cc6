import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's Python, the judge of what a message means. */
const PYTHON = process.env.PYTHON3 ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');

/**
 * What Python makes of each input: `body` is the inside of a function of `value`; strings stand for bytes, one
 * character each.
 */
export function judge<Output>(body: string, inputs: readonly unknown[]): Output[] {
  const program = `
import json, sys
import email.header, email.utils, email.parser, email.message, email, base64, hashlib, quopri
def answer(value):
${body.replace(/^/gm, '    ')}
print(json.dumps([answer(value) for value in json.load(sys.stdin)]))
`;
  const output = execFileSync(PYTHON, ['-c', program], {
    input: JSON.stringify(inputs),
    maxBuffer: 100_000_000,
    env: { PYTHONIOENCODING: 'utf-8' },
  });
  return JSON.parse(output.toString()) as Output[];
}
