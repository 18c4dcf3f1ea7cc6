import { textPart } from '../../message/compose.ts';
import type { Message } from '../../message/message.ts';
import { wrapContent } from '../../message/reshape.ts';
import { setPartText, strictPartText } from '../../message/text.ts';
import type { RemovedPart } from './filter-parts.ts';

/** Parts beyond this many are only counted. */
const MAX_LISTED = 50;

/** A text with more octets gets the report as a part beside it: to write it anew takes many times its size of memory. */
const LARGEST_REWRITTEN = 1_000_000;

const LINE = '___________________________________________';

/** Says at the end of a message what was taken out of it. */
export function addReport(message: Message, removed: readonly RemovedPart[], charset: string): void {
  const report = reportText(removed);
  const { root } = message;
  const { type, subtype } = root.contentType;
  const isJoined = type === 'text' && subtype === 'plain' && root.body.length <= LARGEST_REWRITTEN;
  const text = isJoined ? strictPartText(root) : undefined;
  if (text !== undefined) setPartText(root, `${text.replace(/\n?$/, '\n')}\n${report}`);
  else if (type === 'multipart' && subtype === 'mixed' && root.isMultipart) {
    root.children.push(textPart(report, charset));
    root.touch();
  } else wrapContent(root, [], [textPart(report, charset)]);
}

function reportText(removed: readonly RemovedPart[]): string {
  const listed = removed.slice(0, MAX_LISTED).map(({ type, fileName }) => {
    const name = fileName === undefined ? '' : ` (${fileName})`;
    return `  ${type}${name}`;
  });
  const more = removed.length - listed.length;
  if (more > 0) listed.push(`  and ${more} more`);
  return [LINE, 'Parts of this message were removed by the list:', ...listed, ''].join('\n');
}
