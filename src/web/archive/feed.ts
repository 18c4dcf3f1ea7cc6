import type { ArchivedMessage } from '../../archiving/store/types.ts';
import type { Answer } from '../answer.ts';
import { type Html, html } from '../html.ts';
import { obscureText } from '../text/obscure.ts';
import { loadForPage } from './card.ts';
import type { ListVisit } from './list-visit.ts';
import { nameOf } from './people.ts';
import { messageUrl, subjectOf } from './thread-list.ts';
import { isoTime } from './times.ts';

/** Messages that a feed has. */
export const FEED_LENGTH = 25;
/** Characters of a message's text in it. */
const MAX_TEXT = 4000;

/** A message with the list that it belongs to. */
export interface FeedItem {
  readonly message: ArchivedMessage;
  readonly visit: ListVisit;
}

/** An Atom feed (RFC 4287) of messages, the newest first. */
export async function feedAnswer(
  items: readonly FeedItem[],
  feed: {
    readonly title: string;
    readonly visibility: Answer['visibility'];
    /** Scheme and host before the paths. */
    readonly origin: string;
    /** The feed's own path, and that of the page that it belongs to. */
    readonly self: string;
    readonly page: string;
  },
): Promise<Answer> {
  const newest = Math.max(0, ...items.map(({ message }) => message.date));
  const entries: Html[] = [];
  for (const item of items) entries.push(await entry(item));
  const { origin } = feed;
  const markup = html`<feed xmlns="http://www.w3.org/2005/Atom">
<title>${feed.title}</title>
<id>${origin + feed.page}</id>
<updated>${isoTime(newest)}</updated>
<link rel="self" type="application/atom+xml" href="${origin + feed.self}"/>
<link rel="alternate" type="text/html" href="${origin + feed.page}"/>
<generator>Ferryman</generator>
${entries}</feed>
`;
  return {
    type: 'application/atom+xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="utf-8"?>\n${markup.markup}`,
    visibility: feed.visibility,
    modified: newest,
    headers: { 'x-robots-tag': 'noindex' },
  };
}

async function entry({ message, visit }: FeedItem): Promise<Html> {
  const url = visit.urls.origin + messageUrl(message, visit);
  const loaded = await loadForPage(visit, message);
  const text = (loaded?.text ?? '').slice(0, MAX_TEXT);
  return html`<entry>
<title>${subjectOf(message, visit)}</title>
<id>${url}</id>
<updated>${isoTime(message.date)}</updated>
<author><name>${nameOf(message.sender, visit)}</name></author>
<link rel="alternate" type="text/html" href="${url}"/>
<content type="text">${visit.isObscured ? obscureText(text) : text}</content>
</entry>
`;
}
