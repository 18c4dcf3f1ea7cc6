import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { fitsDesCrypt } from './des-crypt.ts';

const argon2Async = promisify(argon2);

/** OWASP's second choice for argon2id: 19 MiB, two passes. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const PARALLELISM = 1;
const TAG_LENGTH = 32;
const NONCE_LENGTH = 16;

/** Nobody types more; hashing megabytes would be a way to keep the server busy. */
const LONGEST_PASSWORD = 1024;

/** A new hash of a password: `$argon2id$v=19$m=…,t=…,p=…$SALT$HASH` (RFC 9106). */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(NONCE_LENGTH);
  const parameters = { memory: MEMORY_KIB, passes: PASSES, parallelism: PARALLELISM };
  const tag = await deriveArgon2id(password, nonce, parameters);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${base64(nonce)}$${base64(tag)}`;
}

/** Whether a password fits a stored hash: argon2id, or the forms of Mailman 2.1 (see migrate/import21/passwords.ts). */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  if (stored === null || stored === '' || password === '' || password.length > LONGEST_PASSWORD) return false;
  const legacy = /^mailman21:(sha1|md5):([0-9a-f]+)$/.exec(stored);
  if (legacy) {
    const [, algorithm = 'sha1', hex = ''] = legacy;
    // Browsers sent it in the charset of the list's page.
    return (['utf8', 'latin1'] as const).some((encoding) =>
      same(Buffer.from(hex, 'hex'), createHash(algorithm).update(password, encoding).digest()),
    );
  }
  const crypted = /^mailman21:crypt:(.+)$/.exec(stored);
  if (crypted) return fitsDesCrypt(crypted[1] ?? '', password);
  const modern = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([^$]+)\$([^$]+)$/.exec(stored);
  if (!modern) return false;
  const [, memory, passes, parallelism, nonce = '', tag = ''] = modern;
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return same(
    Buffer.from(tag, 'base64'),
    await deriveArgon2id(password, Buffer.from(nonce, 'base64'), parameters),
  );
}

/** Whether a stored hash should be replaced by a new one at the next chance. */
export function isLegacyPassword(stored: string): boolean {
  return !stored.startsWith('$argon2id$');
}

async function deriveArgon2id(
  password: string,
  nonce: Buffer,
  parameters: { readonly memory: number; readonly passes: number; readonly parallelism: number },
): Promise<Buffer> {
  return argon2Async('argon2id', { message: password, nonce, tagLength: TAG_LENGTH, ...parameters });
}

function same(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
