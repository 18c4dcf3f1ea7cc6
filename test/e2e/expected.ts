import { createHash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The rules of the posting chain in Mailman's order, as the header names them. */
const RULES =
  'dmarc-mitigation; no-senders; approved; emergency;\n loop; banned-address; member-moderation; nonmember-moderation; administrivia;\n implicit-dest; max-recipients; max-size; news-moderation; no-subject;\n digests; suspicious-header';

/** A post as it was written. */
export interface WrittenPost {
  readonly from: string;
  readonly sender: string;
  readonly to: string;
  /** With the prefix. */
  readonly subject: string;
  readonly messageId: string;
  /** Fields between Message-ID and MIME-Version. */
  readonly fields?: string;
  readonly text: string;
}

/**
 * The whole mail that lies in a member's mailbox: headers in the order of Mailman 3 (mail-flow.md, 2 and 4), with
 * X-BeenThere as Mailman 2.1 has it, and the footer of the site.
 * @param list posting address
 */
export function expectedPost(list: string, post: WrittenPost, footer: string): string {
  const [name = '', domain = ''] = list.split('@');
  const to = (purpose: string, query = ''): string => `<mailto:${name}${purpose}@${domain}${query}>`;
  const hash = messageIdHash(post.messageId);
  return `From: ${post.from}
To: ${post.to}
Date: Mon, 05 Oct 2026 10:00:00 +0200
Message-ID: ${post.messageId}
${post.fields ?? ''}MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
Message-ID-Hash: ${hash}
X-Message-ID-Hash: ${hash}
X-MailFrom: ${post.sender}
X-Mailman-Rule-Misses: ${RULES}
X-BeenThere: ${list}
X-Mailman-Version: 3.3.8
Precedence: list
Subject: ${post.subject}
List-Id: <${name}.${domain}>
List-Help: ${to('-request', '?subject=help')}
List-Owner: ${to('-owner')}
List-Post: ${to('')}
List-Subscribe: ${to('-join')}
List-Unsubscribe: ${to('-leave')}
Content-Transfer-Encoding: 7bit

${post.text}${footer}`;
}

/** Base 32 (RFC 4648) of the SHA-1 of what is between the angle brackets. */
function messageIdHash(messageId: string): string {
  const digest = createHash('sha1').update(messageId.slice(1, -1)).digest();
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join('');
}
