import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FerrymanError } from '../errors.ts';
import { reasonOf } from './reasons.ts';

/** A private key cannot be read, or is none that seals mail. */
export class SealingKeyError extends FerrymanError {
  override name = 'SealingKeyError';
}

/** RFC 8301 3.2: what is shorter is accepted by nobody. */
const MIN_RSA_BITS = 1024;

/** Reads a private key of the kinds that RFC 8617 knows (RSA, Ed25519) from a PEM file. @throws SealingKeyError */
export function readSealingKey(path: string): KeyObject {
  const key = parseKey(path, readKeyFile(path));
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return key;
  if (type !== 'rsa')
    throw new SealingKeyError(`${path} holds a key of type ${type}, expected RSA or Ed25519`);
  const bits = details?.modulusLength ?? 0;
  if (bits < MIN_RSA_BITS)
    throw new SealingKeyError(`${path} holds an RSA key of ${bits} bits, expected at least ${MIN_RSA_BITS}`);
  return key;
}

function readKeyFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SealingKeyError(`${path} cannot be used (${reasonOf(error)}), expected a readable private key`);
  }
}

function parseKey(path: string, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new SealingKeyError(`${path} holds no private key in PEM without a passphrase`);
  }
}
