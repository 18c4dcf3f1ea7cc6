import { multipart } from './compose.ts';
import { Headers } from './headers.ts';
import { Part } from './part.ts';

const isContentField = ({ name }: { readonly name: string }): boolean => /^content-/i.test(name);

/**
 * Gives a part the content of another: its Content-* headers and its body, byte for byte. Its other headers stay. So a
 * multipart with one part left becomes that part.
 */
export function replaceContent(part: Part, by: Part): void {
  const body = by.body;
  const fields = by.headers.fields.filter(isContentField);
  part.headers.deleteWhere(isContentField);
  for (const field of fields) part.headers.appendField(field);
  part.body = body;
}

/**
 * Makes a message multipart/mixed around its old content, byte for byte, and others before and behind it: as header and
 * footer are added to what is no plain text.
 */
export function wrapContent(part: Part, before: readonly Part[], behind: readonly Part[]): void {
  const fields = part.headers.fields.filter(isContentField);
  const content = new Part(new Headers(fields, part.headers.lineEnd), part.body);
  replaceContent(part, multipart('mixed', [...before, content, ...behind]));
  if (!part.headers.has('MIME-Version') && part.parent === undefined)
    part.headers.append('MIME-Version', '1.0');
}
