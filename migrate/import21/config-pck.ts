import { readFileSync } from 'node:fs';
import { errorCode, FerrymanError } from '../../src/errors.ts';
import { PickleError } from '../pickle/errors.ts';
import { readPickle } from '../pickle/reader.ts';
import { numberOf, PyDict } from '../pickle/values.ts';

/** A file is no config.pck that can be imported; the message names the file and what it is instead. */
export class ConfigPckError extends FerrymanError {
  override name = 'ConfigPckError';
}

/** What Mailman 2.0's files begin with; no pickle does. */
const MARSHAL_DICTIONARY = 0x7b;

/** The data versions that Mailman 2.1 wrote: 2.0 ended below, 2.1.39 has the last. */
const OLDEST_DATA_VERSION = 50;
const NEWEST_DATA_VERSION = 112;

/**
 * Reads the dictionary of a config.pck.
 * @param source how messages call it
 * @throws ConfigPckError
 */
export function readConfigPck(bytes: Uint8Array, source: string): PyDict {
  if (bytes.length === 0)
    throw new ConfigPckError(`${source} is empty; expected the config.pck of a Mailman 2.1 list`);
  const isText = looksLikeText(bytes);
  if (bytes[0] === MARSHAL_DICTIONARY && !isText) {
    throw new ConfigPckError(
      `${source} is a config.db of Mailman 2.0; open the list once with Mailman 2.1, which makes a config.pck of it`,
    );
  }
  let value: unknown;
  try {
    value = readPickle(bytes);
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    const problem = isText
      ? 'is a text file, not a Mailman 2.1 configuration file (config.pck)'
      : 'is damaged or no Mailman 2.1 configuration file';
    throw new ConfigPckError(`${source} ${problem}: ${error.message}`);
  }
  if (!(value instanceof PyDict)) {
    throw new ConfigPckError(`${source} is a pickle, but not of a list's settings; expected a config.pck`);
  }
  checkKind(value, source);
  checkVersion(value, source);
  return value;
}

/**
 * The backup that Mailman 2.1 keeps beside a config.pck, where it can be read.
 * @param path of the config.pck
 */
export function goodBackup(path: string): string | undefined {
  const backup = `${path}.last`;
  try {
    readConfigPck(readFileSync(backup), backup);
    return backup;
  } catch (error) {
    if (error instanceof ConfigPckError || errorCode(error) !== undefined) return undefined;
    throw error;
  }
}

function checkKind(value: PyDict, source: string): void {
  if (value.has('evictions')) {
    throw new ConfigPckError(
      `${source} is a pending.pck (confirmations that wait); expected the config.pck beside it`,
    );
  }
  if (value.has('members') && value.has('data_version')) return;
  const holdsRequests =
    value.has('version') && [...value.keys].every((key) => typeof key === 'number' || isVersion(key));
  if (holdsRequests) {
    throw new ConfigPckError(`${source} is a request.pck (held messages); expected the config.pck beside it`);
  }
  if (!value.has('data_version')) {
    throw new ConfigPckError(
      `${source} is a pickle without data_version; expected the config.pck of a Mailman 2.1 list`,
    );
  }
}

function checkVersion(value: PyDict, source: string): void {
  const version = numberOf(value.get('data_version'));
  if (version === undefined) throw new ConfigPckError(`${source} has a data_version that is no number`);
  if (version < OLDEST_DATA_VERSION) {
    throw new ConfigPckError(
      `${source} was written by Mailman 2.0 (data version ${version}); open the list once with Mailman 2.1, which upgrades it`,
    );
  }
  if (version > NEWEST_DATA_VERSION) {
    throw new ConfigPckError(
      `${source} was written by a Mailman newer than 2.1.39, such as 2.2 (data version ${version}; known up to ${NEWEST_DATA_VERSION})`,
    );
  }
  if (!value.has('members'))
    throw new ConfigPckError(`${source} has no members; it is not the config.pck of a list`);
}

function isVersion(key: unknown): boolean {
  return key === 'version' || (key as { latin1?: string }).latin1 === 'version';
}

/** Pickles of protocol 1 hold control characters from their first bytes on. */
function looksLikeText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 512);
  if (start[0] === 0x28 && start[1] === 0x64) return false;
  return start.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
