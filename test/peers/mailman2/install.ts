import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numberOf } from '../../../migrate/pickle/values.ts';
import { readList } from './list-file.ts';

/** A Mailman 2 in a folder of its own. */
export interface Mailman2 {
  readonly varDir: string;
  /** `bin`, with Mailman 2.1's commands. */
  readonly binDir: string;
  /** `mail/mailman`, which the aliases of Postfix call: `mailman post LIST`. */
  readonly wrapper: string;
  /** Lines for `alias_maps` as a table of keys and values: ten for each list. */
  readonly aliases: readonly string[];
  /** Runs a command of `bin`; throws what it says where it fails. @returns what it prints */
  run(command: string, parameters: readonly string[], input?: string): string;
  /** Hands a mail to the wrapper, as Postfix does. */
  post(list: string, mail: string): void;
  /** The number of the request that came last. */
  lastRequestId(list: string): number;
  start(smtpPort: number): void;
  stop(): Promise<void>;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const SUFFIXES = [
  '',
  'admin',
  'bounces',
  'confirm',
  'join',
  'leave',
  'owner',
  'request',
  'subscribe',
  'unsubscribe',
];

const TOOLS = ['add_members', 'remove_members', 'list_members', 'withlist', 'admindb'];

/** Puts a mail into a queue as two pickles: its text, and what came with it. */
const WRAPPER = String.raw`#!/usr/bin/perl
use strict;
use Time::HiRes qw(time);
my ($command, $list) = @ARGV;
my %queues = (post => 'in', owner => 'in', bounces => 'bounces', admin => 'bounces');
my $queue = $queues{$command} || 'commands';
my %flags = (post => 'tolist', owner => 'toowner', request => 'torequest', confirm => 'toconfirm',
  join => 'tojoin', subscribe => 'tojoin', leave => 'toleave', unsubscribe => 'toleave');
umask 0;
binmode STDIN;
local $/;
my $mail = <STDIN>;
$mail =~ s/^From .*\n//;
sub str { my $text = shift; 'T' . pack('V', length $text) . $text }
my $data = '}(' . str('listname') . str($list) . str('version') . "K\x03" . str('_parsemsg') . "I01\n"
  . str('received_time') . 'G' . pack('d>', time)
  . ($flags{$command} ? str($flags{$command}) . "K\x01" : '') . 'u.';
my $name = sprintf 'VAR/qfiles/%s/%.6f+%08x%08x%08x%08x%08x.pck', $queue, time, map { int rand 4294967295 } 1 .. 5;
open my $file, '>:raw', "$name.tmp" or die "$name: $!";
print $file str($mail) . '.' . $data;
close $file or die "$name: $!";
rename "$name.tmp", $name or die "$name: $!";
`;

/** Makes a Mailman 2 of the lists in `site/lists`. @param folder a folder that Postfix's delivery agent may enter */
export function installMailman2(folder: string, site: string, lists: readonly string[]): Mailman2 {
  const varDir = join(folder, 'var');
  const binDir = join(folder, 'bin');
  for (const name of ['lists', 'locks', 'logs', 'data', 'archives/private', 'archives/public']) {
    mkdirSync(join(varDir, name), { recursive: true });
  }
  for (const queue of ['in', 'out', 'bounces', 'commands', 'virgin', 'shunt', 'retry']) {
    mkdirSync(join(varDir, 'qfiles', queue), { recursive: true });
  }
  // Postfix calls the wrapper under an account of its own, and Mailman's is set-gid.
  for (const queue of ['in', 'bounces', 'commands']) chmodSync(join(varDir, 'qfiles', queue), 0o777);
  for (const list of lists) {
    cpSync(join(site, 'lists', list), join(varDir, 'lists', list), { recursive: true });
  }
  mkdirSync(binDir);
  for (const tool of TOOLS) {
    const line = `exec "${process.execPath}" "${here('tools.ts')}" ${tool} "${varDir}" "$@"`;
    writeFileSync(join(binDir, tool), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
  const wrapper = join(folder, 'mail', 'mailman');
  mkdirSync(join(folder, 'mail'));
  writeFileSync(
    wrapper,
    WRAPPER.replace('VAR', () => varDir),
    { mode: 0o755 },
  );
  let runners: ChildProcess | undefined;
  return {
    varDir,
    binDir,
    wrapper,
    aliases: lists.flatMap((list) =>
      SUFFIXES.map((suffix) => {
        const local = suffix === '' ? list : `${list}-${suffix}`;
        return `${local} "|${wrapper} ${suffix === '' ? 'post' : suffix} ${list}"`;
      }),
    ),
    run: (command, parameters, input = '') => {
      const { status, stdout, stderr } = spawnSync(join(binDir, command), [...parameters], {
        encoding: 'utf8',
        input,
      });
      if (status !== 0) throw new Error(`${command}: ${stderr}`);
      return stdout;
    },
    post: (list, mail) => {
      const { status, stderr } = spawnSync(wrapper, ['post', list], { input: mail, encoding: 'utf8' });
      if (status !== 0) throw new Error(`mailman post: ${stderr}`);
    },
    lastRequestId: (list) => (numberOf(readList(varDir, list).config.get('next_request_id')) ?? 1) - 1,
    start: (smtpPort) => {
      runners = spawn(process.execPath, [here('runners.ts'), varDir, String(smtpPort)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    },
    stop: async () => {
      if (!runners || runners.exitCode !== null || runners.signalCode !== null) return;
      runners.kill('SIGTERM');
      await once(runners, 'exit');
      runners = undefined;
    },
  };
}
