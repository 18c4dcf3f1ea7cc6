import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PostfixSettings, readPostfixSettings } from '../../config/external.ts';
import type { Config } from '../../config/index.ts';
import { FerrymanError } from '../../errors.ts';
import { domainsMap, lmtpMap, type MapForm, type MappedDomain, virtualMap } from './postfix-text.ts';

/** A map could not be compiled; the one from before is still in use. */
export class PostmapError extends FerrymanError {
  override name = 'PostmapError';
}

const MODE = 0o660;

/**
 * What postmap makes of a text file, by type; a type that is not here needs no such file.
 * The index is made beside the new text and both are renamed, so that Postfix sees the old map or the new one.
 */
const INDEX_SUFFIX: Readonly<Record<string, string>> = { hash: '.db', btree: '.db', lmdb: '.lmdb' };

/**
 * Writes postfix_lmtp, postfix_domains and, where a domain has an alias domain, postfix_vmap.
 * @throws PostmapError naming the command and the file; nothing has been replaced then
 */
export function writePostfixMaps(
  config: Config,
  domains: readonly MappedDomain[],
  folder: string,
  time: string,
): void {
  const settings = readPostfixSettings(config);
  const form: MapForm = settings.transport_file_type === 'regex' ? 'regexp' : 'keyed';
  const destination = `lmtp:[${config.mta.lmtp_host}]:${config.mta.lmtp_port}`;
  const files = [
    { name: 'postfix_lmtp', text: lmtpMap(domains, destination, form, time) },
    { name: 'postfix_domains', text: domainsMap(domains, form, time) },
    { name: 'postfix_vmap', text: virtualMap(domains, form, time) },
  ];
  const written: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const { name, text } of files) {
      if (text !== undefined) written.push(...prepare(join(folder, name), text, settings));
    }
  } catch (error) {
    for (const { from } of written) rmSync(from, { force: true });
    throw error;
  }
  for (const { from, to } of written) renameSync(from, to);
  for (const { name, text } of files) if (text === undefined) removeMap(join(folder, name));
}

/** Writes and compiles a map under another name. @returns what is to be renamed, the index last */
function prepare(path: string, text: string, { transport_file_type, postmap_command }: PostfixSettings) {
  // Of this process alone: another one may be at the same maps.
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, text, { mode: MODE });
  chmodSync(fresh, MODE);
  const suffix = INDEX_SUFFIX[transport_file_type];
  if (suffix === undefined) return [{ from: fresh, to: path }];
  try {
    if (!postmap(postmap_command, transport_file_type, fresh)) return [{ from: fresh, to: path }];
  } catch (error) {
    for (const file of [fresh, `${fresh}${suffix}`]) rmSync(file, { force: true });
    throw error;
  }
  return [
    { from: fresh, to: path },
    { from: `${fresh}${suffix}`, to: `${path}${suffix}` },
  ];
}

/** @returns false where Postfix is not installed, as on a machine that only tries things out */
function postmap(command: string, type: string, file: string): boolean {
  const [program = '', ...options] = command.split(/\s+/);
  const { status, error, stderr } = spawnSync(program, [...options, `${type}:${file}`], { encoding: 'utf8' });
  if (status === 0) return true;
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return false;
  const reason = error?.message ?? (stderr.trim().split('\n')[0] || `exit status ${status}`);
  throw new PostmapError(`command failure: ${command} ${type}:${file}: ${reason}`);
}

function removeMap(path: string): void {
  for (const suffix of ['', ...new Set(Object.values(INDEX_SUFFIX))]) {
    rmSync(path + suffix, { force: true });
  }
}
