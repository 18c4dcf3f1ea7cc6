import { messageIdHash } from '../../src/message/message-id-hash.ts';
import type { Figure, Target } from './figures.ts';
import { pagesPerSecond, type WebServer } from './web-server.ts';

/** One kind of page, and where each of both has it. */
export interface PageKind {
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
  readonly target: Target;
}

const THRICE: Target = { kind: 'timesFaster', atLeast: 3 };
const AS_FAST: Target = { kind: 'timesFaster', atLeast: 1 };

/** The pages of an archive of so many messages that archive-mbox.ts wrote. */
export function pageKinds(list: string, messages: number): PageKind[] {
  const ours = `/archives/list/${list}`;
  const theirs = `/list/${list}`;
  // One in ten begins a thread.
  const hash = messageIdHash(`${Math.floor(messages / 20) * 10}@example.com`);
  const same = (name: string, path: string): PageKind => ({
    ...{ name, ours: ours + path, theirs: theirs + path, target: THRICE },
  });
  return [
    same('overview', '/'),
    same('month', '/1999/1/'),
    same('thread', `/thread/${hash}/`),
    same('message', `/message/${hash}/`),
    {
      ...{ name: 'search', ours: `${ours}/search/?q=release` },
      ...{ theirs: `/search?q=release&mlist=${list}`, target: AS_FAST },
    },
  ];
}

/** Each page over one connection and over eight, in turns. */
export async function comparePages(
  kinds: readonly PageKind[],
  ours: WebServer,
  theirs: { readonly name: string; readonly server: WebServer },
  seconds: number,
  isJudged: boolean,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, target, ...paths } of kinds) {
    for (const connections of [1, 8]) {
      const rate = await pagesPerSecond(ours.origin + paths.ours, connections, seconds);
      const other = await pagesPerSecond(theirs.server.origin + paths.theirs, connections, seconds);
      figures.push({
        ...{
          what: `${name}, ${connections === 1 ? 'one connection' : 'eight'}`,
          unit: 'perSecond',
          ours: rate,
        },
        against: { name: theirs.name, value: other },
        target: isJudged ? target : undefined,
      });
    }
  }
  return figures;
}

/** Our pages in a large archive against those in a small one. */
export async function compareSizes(
  list: string,
  large: { readonly messages: number; readonly server: WebServer },
  small: { readonly messages: number; readonly server: WebServer },
  seconds: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  // What the small one has is in the large one, too.
  for (const { name, ours } of pageKinds(list, small.messages)) {
    const rate = await pagesPerSecond(large.server.origin + ours, 1, seconds);
    const other = await pagesPerSecond(small.server.origin + ours, 1, seconds);
    figures.push({
      ...{ what: `${name}, of ${large.messages}`, unit: 'perSecond', ours: rate },
      against: { name: String(small.messages), value: other },
      // The more messages there are, the more of them a search finds.
      target: name === 'search' ? undefined : { kind: 'timesFaster', atLeast: 0.5 },
    });
  }
  return figures;
}
