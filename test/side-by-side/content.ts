import { Message } from '../../src/message/message.ts';
import type { Part } from '../../src/message/part.ts';
import { partBytes, partText, walk } from '../../src/message/text.ts';

/** What a message consists of, as three texts with a line or paragraph for each part. */
export interface Content {
  /** Types, dispositions and names, indented by depth. */
  readonly structure: string;
  /** Charsets and transfer encodings of the leaves. */
  readonly encoding: string;
  /** The leaves, decoded. */
  readonly text: string;
}

/** @param message latin1 */
export function contentOf(message: string): Content {
  const parts = [...walk(Message.parse(Buffer.from(message, 'latin1')))];
  const leaves = parts.filter((part) => !part.isMultipart && !part.message);
  return {
    structure: parts.map((part) => `${'  '.repeat(depthOf(part))}${described(part)}`).join('\n'),
    encoding: leaves.map(encodingOf).join('\n'),
    text: leaves.map(leafText).join('\n---\n'),
  };
}

function depthOf(part: Part): number {
  let depth = 0;
  for (let above = part.parent; above; above = above.parent) depth += 1;
  return depth;
}

function described({ contentType, headers }: Part): string {
  const { type, subtype, parameters } = contentType;
  const others = [...parameters]
    .filter(([name]) => !['charset', 'boundary'].includes(name))
    .map(([name, value]) => `; ${name}=${value}`);
  const more = ['Content-Disposition', 'Content-Description', 'Content-ID'].flatMap((name) => {
    const value = headers.get(name);
    return value === undefined ? [] : [` ${name}: ${value}`];
  });
  return [`${type}/${subtype}`, ...others, ...more].join('');
}

function encodingOf({ contentType, headers }: Part): string {
  const charset = contentType.parameters.get('charset')?.toLowerCase() ?? '-';
  return `${charset} ${headers.get('Content-Transfer-Encoding')?.toLowerCase() ?? '-'}`;
}

/** The line end before a boundary belongs to the boundary for some writers. */
function leafText(part: Part): string {
  const text = part.contentType.type === 'text' ? partText(part) : partBytes(part).toString('latin1');
  return text.replaceAll('\r\n', '\n').trimEnd();
}
