import { decodeHeader } from './encoded-words.ts';
import { parameterReadings, parseParameters } from './parameters.ts';
import type { Part } from './part.ts';

/**
 * The file name of a part: `filename` of Content-Disposition, else `name` of Content-Type, decoded by RFC 2231 and, as
 * many mailers write it, RFC 2047. It comes from the sender: never a path.
 */
export function partFileName(part: Part): string | undefined {
  const disposition = parseParameters(part.headers.get('Content-Disposition') ?? '').get('filename');
  const name = disposition ?? part.contentType.parameters.get('name');
  return name === undefined ? undefined : readable(name) || undefined;
}

function readable(name: string): string {
  const text = name.includes('=?') && /^[\x20-\x7e]*$/.test(name) ? decodeHeader(name) : name;
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** The extensions of all names that a part has for one reader or another, each as `partExtension` gives it. */
export function partExtensions({ headers }: Part): string[] {
  const readings = (header: string, parameter: string): string[] =>
    headers.getAll(header).flatMap((value) => parameterReadings(value, parameter));
  const names = [...readings('Content-Disposition', 'filename'), ...readings('Content-Type', 'name')];
  return names.map((name) => extensionOf(readable(name))).filter((extension) => extension !== '');
}

/**
 * The file extension of a part, lower case and without the dot; '' where it has none. Dots and blanks at the end do
 * not count: Windows drops them when it opens the file.
 */
export function partExtension(part: Part): string {
  return extensionOf(partFileName(part) ?? '');
}

function extensionOf(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  let end = base.length;
  while (end > 0 && (base[end - 1] === '.' || base[end - 1] === ' ')) end -= 1;
  const dot = base.lastIndexOf('.', end - 1);
  return dot > 0 && end > 0 && /[^.]/.test(base.slice(0, dot)) ? base.slice(dot + 1, end).toLowerCase() : '';
}
