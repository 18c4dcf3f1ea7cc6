import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Part } from '../../message/part.ts';
import { partText, setPartText } from '../../message/text.ts';
import { walk } from '../../message/walk.ts';
import { outside } from '../../queue/outside.ts';
import type { Step } from '../step.ts';
import { htmlToText } from './html-to-text.ts';

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
    const html = partText(part, { fallbacks: [fallbackCharset] });
    const text = await outside(step, `html-to-text ${index}`, () =>
      convert(html, step.config.mailman.html_to_plain_text_command),
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

async function convert(html: string, command: string): Promise<string> {
  const [program, ...rest] = command.split(/\s+/).filter((word) => word !== '');
  if (program === undefined) return htmlToText(html);
  const folder = await mkdtemp(join(tmpdir(), 'ferryman-html-'));
  try {
    const file = join(folder, 'part.html');
    await writeFile(file, asciiHtml(html));
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
    return htmlToText(html);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Converters guess at the charset of a file; there is nothing to guess in ASCII. */
function asciiHtml(html: string): string {
  return html.replace(/[^\0-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`);
}
