import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Answer } from '../answer.ts';
import { findMessage } from '../archive/find-message.ts';
import { visitList } from '../archive/list-visit.ts';
import { NotFoundError } from '../errors.ts';
import type { Page } from '../page.ts';
import { SANDBOX_POLICY } from '../policy.ts';
import { obscureMail } from '../text/obscure.ts';

/** A message as it came; its addresses are hidden from those who see no addresses. */
export const messageRaw: Page = {
  path: '/archives/list/:list/message/:hash/raw/',
  get: async (plain): Promise<Answer> => {
    const visit = await visitList(plain);
    const found = await findMessage(visit);
    const content = await visit.archive.content(found.id);
    if (!content) throw new NotFoundError('error_message_not_found');
    const body = visit.isObscured
      ? await buffer(obscureMail(Readable.from([content.message])))
      : content.message;
    return {
      type: 'text/plain; charset=utf-8',
      body,
      visibility: visit.visibility,
      modified: found.date,
      headers: { 'content-security-policy': SANDBOX_POLICY, 'x-robots-tag': 'noindex' },
    };
  },
};
