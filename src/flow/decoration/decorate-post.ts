import type { Step } from '../../queue/step.ts';
import { listCharset } from '../list-charset.ts';
import type { Post } from '../post.ts';
import { decorateMessage } from './decorate-message.ts';
import { findFrame, frameFiller } from './frame.ts';

/** Puts the list's header and footer around a post, the same for all readers. */
export async function decoratePost({ list, message, metadata }: Post, step: Step): Promise<void> {
  const frame = await findFrame(step, list);
  const fill = frameFiller({ config: step.config, list, hash: message.headers.get('Message-ID-Hash') });
  decorateMessage(message, fill(frame), listCharset(step.config, list));
  metadata.nodecorate = true;
}

/** Only posts are decorated: no digests, no mail of the server itself, no mail to the owners. */
export function isDecorated({ metadata }: Post): boolean {
  return !(metadata.nodecorate || metadata.isdigest || metadata.virgin || metadata.to_owner);
}
