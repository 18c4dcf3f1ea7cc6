import { formatAddress } from '../../message/addresses.ts';
import type { Message } from '../../message/message.ts';
import { newMessageId } from '../../message/message-id.ts';
import { messageIdHash } from '../../message/message-id-hash.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import { compilePattern, type Pattern } from '../../model/pattern.ts';
import type { Step } from '../../queue/step.ts';
import { mitigationFor } from '../dmarc/mitigation.ts';
import { listCharset } from '../list-charset.ts';
import type { Handler, Post } from '../post.ts';
import { senderOf } from '../senders.ts';

/** Secrets of the list and of the author, requests for receipts, and a claim that only the list itself can make. */
const NEVER_PASSED_ON: ReadonlySet<string> = new Set([
  'approve',
  'approved',
  'x-approve',
  'x-approved',
  'urgent',
  'return-receipt-to',
  'disposition-notification-to',
  'x-confirm-reading-to',
  'x-pmrqc',
  'archived-at',
  'bcc',
  'resent-bcc',
]);

/** What tells who wrote an anonymous post, or where. */
const TELLING: ReadonlySet<string> = new Set([
  'from',
  'reply-to',
  'sender',
  'organization',
  'return-path',
  'received',
  'message-id',
  'message-id-hash',
  'x-mailfrom',
  'x-envelope-from',
  'x-originating-email',
  'autocrypt',
  'errors-to',
  'received-spf',
  'resent-from',
  'resent-sender',
  'resent-message-id',
]);

export const cleanse: Handler = {
  name: 'cleanse',
  description: 'Removes headers that must not reach the members; hides the author on anonymous lists.',
  process: async (post, step) => {
    const { list, message } = post;
    message.headers.deleteWhere(({ name }) => NEVER_PASSED_ON.has(name.toLowerCase()));
    if (list.settings.anonymous_list) hideAuthor(post, step);
    if (mitigationFor(post) === 'wrap_message') post.metadata.authored_headers = authoredHeaders(message);
  },
};

function hideAuthor({ list, message, metadata }: Post, { config, log }: Step): void {
  const { headers } = message;
  metadata.original_sender = senderOf(message, metadata, config.mailman.sender_headers);
  log('smtp', `post to ${postingAddress(list)} from ${headers.get('From') ?? ''} anonymized`);
  const keepers = config.mailman.anonymous_list_keep_headers.map(compilePattern);
  headers.deleteWhere(({ name }) => {
    const key = name.toLowerCase();
    return TELLING.has(key) || (key.startsWith('x-') && !isKept(key, keepers));
  });
  const address = postingAddress(list);
  const messageId = newMessageId(list.mailHost);
  headers.append('Message-ID', messageId);
  headers.append('Message-ID-Hash', messageIdHash(messageId));
  headers.append(
    'From',
    formatAddress({ address, displayName: list.settings.description }, listCharset(config, list)),
  );
  headers.append('Reply-To', formatAddress({ address, displayName: '' }));
}

/** What the server noted on the way in is not the author's. */
const NOTED_HERE =
  /^(?:message-id-hash|x-message-id-hash|x-mailfrom|x-mailman-rule-(?:hits|misses)|x-topics)$/i;

function authoredHeaders({ headers }: Message): string {
  const fields = headers.fields.filter(({ name }) => name !== '' && !NOTED_HERE.test(name));
  return fields.map(({ raw }) => (raw.endsWith('\n') ? raw : raw + headers.lineEnd)).join('');
}

/** Patterns are written for the name with its colon. */
function isKept(name: string, keepers: readonly Pattern[]): boolean {
  return keepers.some((pattern) => pattern.test(`${name}:`));
}
