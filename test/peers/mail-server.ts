import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** The domain of everybody who is not a list. Its mailboxes are maildirs. */
export const PEOPLE = 'people.example';

/** Owner of the mailboxes: anybody but root and the mail server itself. */
export const NOBODY = 65_534;

/** How a mail server is to be set up. */
export interface MailServerSettings {
  /** The port of 127.0.0.1 where it takes mail by SMTP; Ferryman has to know it before it runs. */
  readonly port: number;
  /** What the operators' documentation says, in the server's own notation. */
  readonly configuration: string;
  /** Local parts of the mailboxes at PEOPLE. */
  readonly mailboxes: readonly string[];
  /** Where mail for another domain goes: its host is 127.0.0.1. */
  readonly routes?: Readonly<Record<string, number>>;
}

/** A throw-away mail server with mailboxes. */
export interface MailServer {
  /** The files in the mailbox of a local part, as far as they are complete; their names stay as long as they lie there. */
  mailbox(localPart: string): ReadonlyMap<string, Buffer>;
  /** How many mails it still has in hand. */
  queued(): number;
  log(): string;
  stop(): Promise<void>;
}

/** @returns the files of `new` in a maildir by name */
export function maildirFiles(maildir: string): ReadonlyMap<string, Buffer> {
  const folder = join(maildir, 'new');
  if (!existsSync(folder)) return new Map();
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const));
}

/** How many files lie in folders and below, as far as their names match. */
export function countFiles(folder: string, name = /./): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (entry) => entry.isFile() && name.test(entry.name),
  ).length;
}

export function readLog(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Whether a server greets. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('data', (text) => done(text.toString().startsWith('220')));
    socket.once('error', () => done(false));
    socket.setTimeout(300, () => done(false));
  });
}
