import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Part } from '../../message/part.ts';
import { partText, setPartText } from '../../message/text.ts';
import { walk } from '../../message/walk.ts';
import { tidyAfter } from '../../queue/large-messages.ts';
import { outside } from '../../queue/outside.ts';
import type { Step } from '../../queue/step.ts';
import { htmlToText } from './html-to-text.ts';
import { pieces } from './pieces.ts';

const run = promisify(execFile);

/** A converter that takes longer, or writes more, has met a page that was made for it. */
const TIMEOUT_MS = 30_000;
const MAX_OUTPUT = 10_000_000;

/**
 * Makes plain text of all HTML parts: by `[mailman] html_to_plain_text_command`, else, where that is not there or fails,
 * by our own converter.
 * @returns whether there were any
 */
export async function convertHtmlParts(root: Part, step: Step, fallbackCharset: string): Promise<boolean> {
  let changed = false;
  const parts = [...walk(root)].filter(
    ({ contentType }) => contentType.type === 'text' && contentType.subtype === 'html',
  );
  for (const [index, part] of parts.entries()) {
    const text = await outside(step, `html-to-text ${index}`, () =>
      convert(part, fallbackCharset, step.config.mailman.html_to_plain_text_command),
    );
    becomePlain(part, text);
    changed = true;
  }
  return changed;
}

function becomePlain(part: Part, text: string): void {
  const charset = part.contentType.parameters.get('charset') ?? 'utf-8';
  part.headers.set('Content-Type', 'text/plain');
  part.headers.delete('Content-Transfer-Encoding');
  setPartText(part, text, charset);
}

async function convert(part: Part, fallbackCharset: string, command: string): Promise<string> {
  const html = partText(part, { fallbacks: [fallbackCharset] });
  try {
    return (await convertByCommand(html, command)) ?? htmlToText(html);
  } finally {
    tidyAfter(part.body.length);
  }
}

/** Undefined where there is no such command, or it fails. */
async function convertByCommand(html: string, command: string): Promise<string | undefined> {
  const [program, ...rest] = command.split(/\s+/).filter((word) => word !== '');
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'ferryman-html-'));
  try {
    const file = join(folder, 'part.html');
    await writeAscii(html, file);
    const { stdout } = await run(
      program,
      rest.map((word) => word.replaceAll('$filename', file)),
      {
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT,
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      },
    );
    return stdout;
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Converters guess at the charset of a file; there is nothing to guess in ASCII. In pieces: it may be many times longer. */
async function writeAscii(html: string, path: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces(html)) {
      const ascii = piece.replace(/[^\0-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`);
      await file.write(ascii, null, 'latin1');
    }
  } finally {
    await file.close();
  }
}
