import { decodeHeader } from '../../message/encoded-words.ts';
import { fieldValue } from '../../message/headers.ts';
import { findMessage, loadMessage } from '../archive/find-message.ts';
import { listPage, visitList } from '../archive/list-visit.ts';
import { messageUrl, subjectOf } from '../archive/thread-list.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';
import { obscureField } from '../text/obscure.ts';

const MAX_FIELDS = 300;
const MAX_VALUE = 2000;

/** Every header field of a message, decoded. */
export const messageHeaders: Page = {
  path: '/archives/list/:list/message/:hash/headers/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const { say, isObscured, charsets, urls, list } = visit;
    const found = await findMessage(visit);
    const { read } = await loadMessage(visit, found);
    const subject = subjectOf(found, visit);
    const rows = read.message.headers.fields.slice(0, MAX_FIELDS).map((field) => {
      const value = decodeHeader(fieldValue(field).slice(0, MAX_VALUE), { fallbacks: charsets });
      return html`<tr><th scope="row">${field.name}</th><td dir="auto">${isObscured ? obscureField(field.name, value) : value}</td></tr>\n`;
    });
    return listPage(visit, {
      title: `${say('message_headers')}: ${subject}`,
      isIndexed: false,
      trail: [
        [visit.title, urls.list(list)],
        [subject, messageUrl(found, visit)],
      ],
      content: html`<h1 dir="auto">${subject}</h1>
<p class="lead">${say('message_headers')}</p>
<table class="headers">
<tbody>
${rows}</tbody>
</table>`,
    });
  },
};
