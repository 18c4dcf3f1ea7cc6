import { decodeHeader, encodeHeader } from '../../message/encoded-words.ts';
import type { Message } from '../../message/message.ts';
import { beginningOf, partText } from '../../message/text.ts';
import { tryCompilePattern } from '../../model/pattern.ts';
import type { Topic } from '../../model/settings/index.ts';
import { listCharset } from '../list-charset.ts';
import type { Handler } from '../post.ts';

/** Only so many octets of a body are searched for lines that look like headers. */
const MAX_SCANNED = 100_000;

export const tagger: Handler = {
  name: 'tagger',
  description: 'Notes which topics of the list a post belongs to.',
  process: async ({ list, message, metadata }, { config }) => {
    const { topics, topics_bodylines_limit, topics_enabled } = list.settings;
    if (!topics_enabled) return;
    const lines = [...topicLines(message, topics_bodylines_limit)];
    const hits = topics.filter((topic) => belongsTo(topic, lines)).map(({ name }) => name);
    if (hits.length === 0) return;
    metadata.topichits = hits;
    const charset = listCharset(config, list);
    const names = hits.map((name) => encodeHeader(name.replace(/\s+/g, ' ').trim(), charset));
    const { lineEnd } = message.headers;
    message.headers.appendField({
      name: 'X-Topics',
      raw: `X-Topics: ${names.join(`${lineEnd}\t`)}${lineEnd}`,
    });
  },
};

/** One pattern a line; any of them will do. */
function belongsTo({ patterns }: Topic, lines: readonly string[]): boolean {
  const compiled = patterns
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(tryCompilePattern);
  return compiled.some((pattern) => lines.some((line) => pattern?.test(line)));
}

/** What topics are looked for in: Subject and Keywords, also where they stand at the beginning of the text. */
function* topicLines(message: Message, bodyLines: number): Generator<string> {
  for (const name of ['Subject', 'Keywords']) {
    for (const value of message.headers.getAll(name)) yield decodeHeader(value);
  }
  if (bodyLines === 0) return;
  for (const line of firstLines(message, bodyLines)) {
    const value = /^(?:subject|keywords)[ \t]*:(.*)$/is.exec(line)?.[1];
    if (value !== undefined) yield value.trimStart();
    // As in a message, the first line that is no header ends them.
    else if (!/^[\x21-\x39\x3b-\x7e]+[ \t]*:|^[ \t]/.test(line)) return;
  }
}

function firstLines({ root }: Message, limit: number): string[] {
  const { type, subtype } = root.contentType;
  const part =
    type === 'multipart' && subtype === 'alternative'
      ? root.children.find(
          ({ contentType }) => contentType.type === 'text' && contentType.subtype === 'plain',
        )
      : root;
  if (part?.contentType.type !== 'text' || part.contentType.subtype !== 'plain') return [];
  const lines = partText(beginningOf(part, MAX_SCANNED)).split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '').slice(0, limit);
}
