import { readFileSync } from 'node:fs';
import { Message } from '../../src/message/message.ts';

const FOLDER = new URL('../../fixtures/bounces/', import.meta.url);

/** A bounce, or something that must not be taken for one, and whom it reports. */
export interface Example {
  readonly name: string;
  readonly permanent: readonly string[];
  readonly temporary: readonly string[];
  readonly delivered: readonly string[];
  readonly bytes: Buffer;
}

/** All that are in fixtures/bounces, with what a person reads in them. */
export const examples: readonly Example[] = readFileSync(new URL('expected.tsv', FOLDER), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [name = '', permanent = '', temporary = '', delivered = ''] = line.split('\t');
    return {
      name,
      permanent: words(permanent),
      temporary: words(temporary),
      delivered: words(delivered),
      bytes: readFileSync(new URL(`${name}.eml`, FOLDER)),
    };
  });

/** The example of this name, as a message. */
export function exampleMessage(name: string): Message {
  const found = examples.find((example) => example.name === name);
  if (!found) throw new Error(`no example ${name}`);
  return Message.parse(found.bytes);
}

function words(column: string): string[] {
  return column.split(' ').filter((word) => word !== '');
}
