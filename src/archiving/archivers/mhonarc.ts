import { spawn } from 'node:child_process';
import { readArchiverSettings } from '../../config/external.ts';
import { expand } from '../../templates/placeholders.ts';
import { listVariables } from '../list-variables.ts';
import { type Archiver, ArchivingError } from './archiver.ts';

/** A program that takes longer hangs. */
const TIME_LIMIT_MS = 300_000;

/** Octets of what the program says that are kept, for the log. */
const MOST_OUTPUT = 4000;

/** Gives each post to a program, such as MHonArc; no shell sees the command, so a list's name cannot add to it. */
export const mhonarc: Archiver = {
  wants: ({ settings }) => settings.archive_policy !== 'never',
  archive: async ({ list, message }, { config, log, name }) => {
    const { command = '' } = readArchiverSettings(config, name);
    const [program, ...words] = commandWords(command).map((word) => expand(word, listVariables(list)));
    if (program === undefined) throw new ArchivingError(`[archiver.${name}] names no command`);
    const said = await give(message.toBuffer(), program, words);
    if (said !== '') log('archiver', `${name}: ${said}`);
  },
};

/** The words of a command as a shell would tell them apart, with quotes and backslashes. */
export function commandWords(command: string): string[] {
  const words = command.match(/(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g, (_, double, single, escaped) =>
      double === undefined ? (single ?? escaped) : double.replace(/\\(["\\$`])/g, '$1'),
    ),
  );
}

/** @returns what it said; @throws ArchivingError where it fails */
function give(input: Buffer, program: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'pipe', timeout: TIME_LIMIT_MS, killSignal: 'SIGKILL' });
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(0, MOST_OUTPUT);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) =>
      reject(new ArchivingError(`${program}: ${error.message}`, { cause: error })),
    );
    child.on('close', (status, signal) => {
      const words = said.trim().replace(/\s+/g, ' ');
      if (status === 0) resolve(words);
      else reject(new ArchivingError(`${program} ended with ${signal ?? `status ${status}`}: ${words}`));
    });
    // A program that does not read its input to the end is not a mistake.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
