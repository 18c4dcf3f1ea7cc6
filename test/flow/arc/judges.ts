import { execFileSync } from 'node:child_process';
import { authenticate } from 'mailauth';
import type { Zone } from './site.ts';

/** What somebody who gets a message says about it. */
export interface Verdict {
  /** Of the ARC chain. */
  readonly arc: string;
  /** Of the first DKIM signature. */
  readonly dkim: string;
}

const PYTHON = process.env.PYTHON3 ?? '/usr/bin/python3';

/** Whether Debian's python3-dkim is there, which is independent of all that we use. */
export const hasDkimpy = ((): boolean => {
  try {
    execFileSync(PYTHON, ['-c', 'import dkim, nacl'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const PROGRAM = `
import base64, hashlib, json, sys, dkim
# It can check Ed25519, but takes it for DKIM only.
dkim.ARC_HASH_ALGORITHMS[b'ed25519-sha256'] = hashlib.sha256
question = json.load(sys.stdin)
message = base64.b64decode(question['message'])
def txt(name, timeout=5):
    name = (name.decode() if isinstance(name, bytes) else name).rstrip('.')
    found = question['records'].get(name)
    return found.encode() if found else None
cv, _, _ = dkim.ARC(message).verify(dnsfunc=txt)
print(cv.decode() if cv else 'fail')
`;

export async function askMailauth(message: Buffer, dns: Zone): Promise<Verdict> {
  const resolver = async (name: string): Promise<string[][]> => dns.resolveTxt(name);
  const { arc, dkim } = await authenticate(message, { resolver, disableBimi: true, mta: 'judge.example' });
  return { arc: arc ? arc.status.result : 'none', dkim: dkim.results[0]?.status.result ?? 'none' };
}

/** Its verdict on the ARC chain. */
export function askDkimpy(message: Buffer, dns: Zone): string {
  const input = { message: message.toString('base64'), records: Object.fromEntries(dns.records) };
  return execFileSync(PYTHON, ['-c', PROGRAM], { input: JSON.stringify(input) })
    .toString()
    .trim();
}
