import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a Mailman 2.1 is: what was named when it was built. */
export interface Place {
  /** With `bin`, `mail` and `Mailman`. */
  readonly prefix: string;
  readonly varDir: string;
  /** Who calls its wrapper, which wants somebody of the group for mail; `nobody` where it is not said. */
  readonly mailUser?: string;
}

const TOOLS = ['add_members', 'remove_members', 'list_members', 'withlist', 'qrunner', 'admindb'];

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

/**
 * As Mailman's: what it starts holds the lock of the master, keeps what it was given to write to, and leaves its number behind
 * when it ends; all goes well where it runs already, or not at all.
 */
const CONTROL = `#!/bin/sh
pid="VAR/data/master-qrunner.pid"
lock="VAR/locks/master-qrunner"
for word do action=$word; done
case $action in
start)
  if [ -e "$lock" ]; then echo "The master qrunner lock could not be acquired."; exit 0; fi
  "NODE" "RUNNERS" "VAR" "PREFIX" </dev/null &
  claim="$lock.$(uname -n).$!"
  printf %s "$claim" >"$claim" && ln "$claim" "$lock"
  echo $! >"$pid"
  echo "Starting Mailman's master qrunner." ;;
stop)
  echo "Shutting down Mailman's master qrunner"
  kill "$(cat "$pid")" 2>/dev/null || echo "No child with pid" >&2 ;;
esac
exit 0
`;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Lays out a stand-in without lists, as an installed Mailman 2.1 lies there.
 * @param folder which Postfix may enter
 * @param varDir which may lie elsewhere, as in the packages of distributions
 */
export function layStandIn(folder: string, varDir: string = join(folder, 'var')): Place {
  for (const name of ['lists', 'locks', 'logs', 'data', 'archives/private', 'archives/public']) {
    mkdirSync(join(varDir, name), { recursive: true });
  }
  for (const queue of ['in', 'out', 'bounces', 'commands', 'virgin', 'shunt', 'retry']) {
    mkdirSync(join(varDir, 'qfiles', queue), { recursive: true });
  }
  // Postfix calls the wrapper under an account of its own, and Mailman's is set-gid.
  for (const queue of ['in', 'bounces', 'commands']) chmodSync(join(varDir, 'qfiles', queue), 0o777);
  for (const name of ['bin', 'mail', 'Mailman']) mkdirSync(join(folder, name), { recursive: true });
  const program = (path: string, text: string): void =>
    writeFileSync(join(folder, path), text, { mode: 0o755 });
  for (const tool of TOOLS) {
    const line = `exec "${process.execPath}" "${here('tools.ts')}" ${tool} "${join(folder, 'bin')}" "${varDir}" "$@"`;
    program(`bin/${tool}`, `#!/bin/sh\n${line}\n`);
  }
  const places: Readonly<Record<string, string>> = {
    ...{ VAR: varDir, PREFIX: folder, NODE: process.execPath, RUNNERS: here('runners.ts') },
  };
  program(
    'bin/mailmanctl',
    CONTROL.replace(/\b(?:VAR|PREFIX|NODE|RUNNERS)\b/g, (word) => places[word] ?? word),
  );
  program(
    'mail/mailman',
    WRAPPER.replace('VAR', () => varDir),
  );
  writeFileSync(join(folder, 'Mailman', 'mm_cfg.py'), 'from Defaults import *\n');
  return { prefix: folder, varDir };
}
