import { BigInteger } from './values.ts';

/** The versions of the API. */
export const apiVersions = ['3.0', '3.1'] as const;
export type ApiVersion = (typeof apiVersions)[number];

const LARGEST = (1n << 128n) - 1n;

/** An identifier as it stands in paths: hex digits in 3.1, a decimal number in 3.0. */
export function idInPath(version: ApiVersion, id: string): string {
  return version === '3.0' ? BigInt(`0x${id}`).toString() : id;
}

/** The same in JSON, where 3.0 has a number. */
export function idInJson(version: ApiVersion, id: string): string | BigInteger {
  return version === '3.0' ? new BigInteger(BigInt(`0x${id}`)) : id;
}

/** Reads an identifier in the form of the version; 3.1 takes what Python's UUID takes. Undefined where it is none. */
export function parseId(version: ApiVersion, text: string): string | undefined {
  if (version === '3.0') {
    if (!/^\d{1,39}$/.test(text)) return undefined;
    const number = BigInt(text);
    return number > LARGEST ? undefined : number.toString(16).padStart(32, '0');
  }
  const hex = text
    .replaceAll(/urn:|uuid:/g, '')
    .replace(/^[{}]+|[{}]+$/g, '')
    .replaceAll('-', '');
  return /^[0-9a-fA-F]{32}$/.test(hex) ? hex.toLowerCase() : undefined;
}
