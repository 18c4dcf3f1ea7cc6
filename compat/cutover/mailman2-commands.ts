import { spawn } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MemberOptions } from '../../migrate/mailman2/member-options.ts';
import type { Config } from '../../src/config/index.ts';
import { reasonOf } from '../../src/config/reasons.ts';
import { FerrymanError } from '../../src/errors.ts';

/** A command of Mailman 2 failed; the message has what it said. */
export class Mailman2CommandError extends FerrymanError {
  override name = 'Mailman2CommandError';
}

/** Our functions for Mailman 2's `withlist`, which have to lie beside its commands. */
const SCRIPT = 'ferryman_handover.py';

const LIMIT_MS = 120_000;

/** What does not end when it is told to is killed after so long. */
const GRACE_MS = 5000;

/** More is no answer of Mailman 2's, in characters. */
const LARGEST_ANSWER = 4 * 1024 * 1024;

/** What our script says when it has the lock of the list; a program in front of it may say something first. */
const READY = /^ready\r?$/m;

/** Means itself to every shell: ssh hands all words to one. */
const PLAIN_WORD = /^[-+.\w=]+$/;

/** What Mailman 2 is to do with members: deliver to them no more, know them as they are here, or deliver to them again. */
export interface MemberChange {
  /** Mailman 2's name. */
  readonly list: string;
  readonly way: 'stop' | 'change' | 'resume';
  /** By the addresses that they have at Mailman 2. */
  readonly members: ReadonlyMap<string, MemberOptions>;
}

/**
 * Changes members at Mailman 2, through its `withlist`.
 * @param isWanted asked while Mailman 2 has the list locked; should this process end meanwhile, nothing is changed
 * @returns whether it was wanted, and done
 * @throws Mailman2CommandError
 */
export async function changeMailman2Members(
  config: Config,
  { list, members, way }: MemberChange,
  isWanted: () => Promise<boolean> = async () => true,
): Promise<boolean> {
  provideScript(config);
  const call = `${SCRIPT.replace('.py', '')}.${way}`;
  const lines = oneLineEach([...members.keys()]).map((address) => {
    const options = Object.entries(members.get(address) ?? {});
    return [address, ...options.map(([name, value]) => `${name}=${quoted(value)}`)].join('\t');
  });
  let wasWanted = false;
  await runMailman2(config, 'withlist', ['-q', '-l', '-r', call, list], async () => {
    wasWanted = await isWanted();
    return wasWanted ? `${[...lines, 'end'].join('\n')}\n` : '';
  });
  return wasWanted;
}

/** As in URLs; half characters are no UTF-8. */
function quoted(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** Removes members at Mailman 2, which tells nobody. @throws Mailman2CommandError */
export async function removeMailman2Members(
  config: Config,
  list: string,
  addresses: readonly string[],
): Promise<void> {
  await runMailman2(
    config,
    'remove_members',
    ['-n', '-N', '-f', '-', list],
    `${oneLineEach(addresses).join('\n')}\n`,
  );
}

/** Without those that would be read as several: what is in Mailman 2's file was not always checked. */
function oneLineEach(addresses: readonly string[]): string[] {
  return addresses.filter((address) => !/\p{Cc}/u.test(address));
}

/**
 * Runs a command of Mailman 2's `bin`.
 * @param input what it reads; a function is asked for it when the command has said that it is ready
 * @returns what it prints
 * @throws Mailman2CommandError, and what the function throws
 */
export async function runMailman2(
  config: Config,
  command: string,
  parameters: readonly string[],
  input: string | (() => Promise<string>) = '',
): Promise<string> {
  requireBinDir(config);
  const { cutover } = config;
  const prefix = cutover.mailman2_command.split(/\s+/).filter((word) => word !== '');
  const strange = parameters.find((word) => !PLAIN_WORD.test(word));
  if (prefix.length > 0 && strange !== undefined)
    throw new Mailman2CommandError(
      `${command}: ${JSON.stringify(strange)} is not given to ${prefix[0]}, which may hand it to a shell`,
    );
  const [program = '', ...rest] = [...prefix, join(cutover.mailman2_bin_dir, command), ...parameters];
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    const fail = (reason: string): void =>
      reject(new Mailman2CommandError(`${[program, ...rest].join(' ')}: ${reason}`));
    const giveUp = (reason: string): void => {
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
      // What it has started may hold on to them, and would be waited for. Nothing is changed for which no "end" was read.
      for (const stream of child.stdio) stream?.destroy();
      child.unref();
      fail(reason);
    };
    // Node's own time limit would keep this process alive where the program cannot be started.
    const limit = setTimeout(() => giveUp(`has not ended after ${LIMIT_MS / 1000} s`), LIMIT_MS);
    const said = { stdout: '', stderr: '' };
    let isAsked = typeof input === 'string';
    const hear = (stream: 'stdout' | 'stderr', text: string): void => {
      said[stream] += text;
      if (said[stream].length > LARGEST_ANSWER) {
        clearTimeout(limit);
        giveUp('says more than Mailman 2 would');
      }
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      hear('stdout', text);
      if (typeof input === 'string' || isAsked || !READY.test(said.stdout)) return;
      isAsked = true;
      input().then(
        (answer) => child.stdin.end(answer),
        (error: Error) => {
          reject(error);
          child.stdin.end();
        },
      );
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => hear('stderr', text));
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      fail(
        error.code === 'ENOENT' ? `${program} is not there; see [cutover] mailman2_bin_dir` : error.message,
      );
    });
    child.on('close', (status, signal) => {
      clearTimeout(limit);
      const last = said.stderr.trim().split('\n').at(-1);
      if (status !== 0) fail(last || `ended with ${signal ?? `status ${status}`}`);
      else if (isAsked) resolve(said.stdout);
      else fail(`did nothing: it has run no ${SCRIPT}`);
    });
    // It may end without reading.
    child.stdin.on('error', () => {});
    if (typeof input === 'string') child.stdin.end(input);
  });
}

/**
 * Whether members could be changed there, as far as it can be seen without running anything: the folder is named, `withlist`
 * is in it, and our script is, or can be put there.
 * @throws Mailman2CommandError
 */
export function requireMailman2Commands(config: Config): void {
  requireBinDir(config);
  const { cutover } = config;
  const withlist = join(cutover.mailman2_bin_dir, 'withlist');
  if (cutover.mailman2_command === '' && !existsSync(withlist))
    throw new Mailman2CommandError(`${withlist} is not there; see [cutover] mailman2_bin_dir`);
  provideScript(config, (_ours, theirs) => accessSync(dirname(theirs), constants.W_OK));
}

function requireBinDir({ cutover }: Config): void {
  if (cutover.mailman2_bin_dir === '') {
    throw new Mailman2CommandError("[cutover] mailman2_bin_dir is not set: where are Mailman 2's commands?");
  }
}

/** @throws Mailman2CommandError where somebody has to copy it by hand */
function provideScript(config: Config, copy: (ours: string, theirs: string) => void = copyFileSync): void {
  requireBinDir(config);
  const { cutover, where } = config;
  const ours = ownScript();
  const theirs = join(cutover.mailman2_bin_dir, SCRIPT);
  // On another machine only its administrator can.
  if (cutover.mailman2_command !== '' && !existsSync(cutover.mailman2_bin_dir)) return;
  if (existsSync(theirs) && readFileSync(theirs).equals(readFileSync(ours))) return;
  try {
    copy(ours, theirs);
  } catch (error) {
    throw new Mailman2CommandError(
      `${where('cutover', 'mailman2_bin_dir')}: ${SCRIPT} cannot be put there (${reasonOf(error)}); copy it from ${ours}`,
    );
  }
}

/** Beside the sources, and not copied by the compiler: two folders further up from what is built. */
function ownScript(): string {
  const places = [`../../compat/cutover/${SCRIPT}`, `../../../compat/cutover/${SCRIPT}`];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
  if (found === undefined) throw new Mailman2CommandError(`${SCRIPT} is missing from this installation`);
  return found;
}
