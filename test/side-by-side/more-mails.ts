const author = 'From: Bert <bert@example.net>\nTo: plain@lists.example.com\n';
const date = 'Date: Fri, 15 Mar 2024 12:30:00 +0100\n';

/** A mail of Bert's. @param headers beside From, To, Date and Message-ID; the Message-ID is made of the number */
function post(number: number, headers: string, body: string): string {
  return `${author}${headers}Message-ID: <more${number}@mua.example.net>\n${date}\n${body}`;
}

function multipart(subtype: string, parts: readonly string[]): string {
  return `MIME-Version: 1.0\nContent-Type: multipart/${subtype}; boundary="x"\n\n${parts.map((part) => `--x\n${part}\n`).join('')}--x--\n`;
}

/** Bert's mail whose headers end with those of the multipart. */
function multipartPost(number: number, headers: string, subtype: string, parts: readonly string[]): string {
  return `${author}${headers}Message-ID: <more${number}@mua.example.net>\n${date}${multipart(subtype, parts)}`;
}

const plainPart = 'Content-Type: text/plain; charset=us-ascii\n\nHello.';
const png = 'Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=';

/** Mails beside the fixtures, by name; LF for CRLF, bytes as latin1. */
export const moreMails: Readonly<Record<string, string>> = {
  'huge-headers': post(
    1,
    `Subject: huge\n${Array.from({ length: 60 }, (_, index) => `Received: from relay${index}.example.net (relay${index}.example.net [192.0.2.${index}])\n\tby mx${index}.example.com with ESMTPS id ${'x'.repeat(200)}\n`).join('')}References: ${Array.from({ length: 200 }, (_, index) => `<reference-${index}@mua.example.net>`).join('\n ')}\n`,
    'Hello.\n',
  ),
  'huge-body': post(2, 'Subject: large\n', `${'x'.repeat(70)}\n`.repeat(700)),
  'many-recipients': post(
    3,
    `Cc: ${Array.from({ length: 20 }, (_, index) => `cc${index}@example.org`).join(',\n\t')}\nSubject: many\n`,
    'Hello.\n',
  ),
  'cc-members': post(
    4,
    'Cc: Dora <dora@example.org>, Anna <anna@example.com>,\n "Other, One" <other@example.org>\nSubject: copies\n',
    'Hello.\n',
  ),
  'no-subject': post(5, '', 'Hello.\n'),
  administrivia: post(6, 'Subject: unsubscribe\n', 'unsubscribe\n'),
  'stranger-bcc': `From: Stranger <stranger@example.org>\nTo: undisclosed-recipients:;\nSubject: buy\nMessage-ID: <more7@mua.example.net>\n${date}\nHello.\n`,
  'moderated-member': `From: Mona <mona@example.com>\nTo: plain@lists.example.com\nSubject: hold me\nMessage-ID: <more8@mua.example.net>\n${date}\nHello.\n`,
  'rejected-member': `From: Rita <rita@example.com>\nTo: plain@lists.example.com\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <more9@mua.example.net>\n${date}\nHello.\n`,
  'acknowledged-member': `From: "Person, Anne" <anne@example.com>\nReply-To: elsewhere@example.org\nTo: plain@lists.example.com\nSubject: Re: [Plain] AW: news\nIn-Reply-To: <x@mua.example.net>\nMessage-ID: <more10@mua.example.net>\n${date}\nHello.\n`,
  'answer-with-prefix': post(
    11,
    'Subject: Re: [Plain] =?utf-8?q?Caf=C3=A9?= =?iso-8859-1?q?_=FCber?=\n alles\n',
    'Hello.\n',
  ),
  'encoded-author': `From: =?iso-2022-jp?b?GyRCOzNFRBsoQg==?= <bert@example.net>\nTo: =?utf-8?b?TGlzdGU=?= <plain@lists.example.com>\nSubject: =?utf-8?b?5pel5pys6Kqe44Gu44Go44Gm44KC6ZW344GE6aGM5ZCN44Gn44GZ44CC5pel5pys6Kqe44Gu44Go44Gm44KC6ZW344GE6aGM5ZCN?=\nMessage-ID: <more12@mua.example.net>\n${date}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\n`,
  'headers-of-lists': post(
    13,
    'Subject: from another list\nSender: other-bounces@lists.example.net\nList-Id: Other <other.lists.example.net>\nList-Post: <mailto:other@lists.example.net>\nList-Unsubscribe: <https://lists.example.net/leave>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nPrecedence: list\nX-Mailman-Version: 2.1.39\nX-BeenThere: other@lists.example.net\nErrors-To: other-bounces@lists.example.net\n',
    'Hello.\n',
  ),
  'wants-receipts': post(
    14,
    'Subject: receipts\nDisposition-Notification-To: bert@example.net\nReturn-Receipt-To: bert@example.net\nX-Confirm-Reading-To: bert@example.net\nX-PMRQC: 1\nOrganization: Example\nX-Originating-Email: bert@example.net\nReturn-Path: <bert@example.net>\nDKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=x; h=from; bh=x; b=x\nAuthentication-Results: mx.example.net; dkim=pass\nX-Mailer: test\nX-Face: face\n',
    'Hello.\n',
  ),
  'two-of-each': `From: Bert <bert@example.net>\nFrom: Anna <anna@example.com>\nTo: plain@lists.example.com\nTo: other@example.org\nSubject: one\nSubject: two\nReply-To: bert@example.net\nReply-To: anna@example.com\nMessage-ID: <more15@mua.example.net>\n${date}\nHello.\n`,
  'two-message-ids': `${author}Subject: two ids\nMessage-ID: <more16a@mua.example.net>\nMessage-ID: <more16b@mua.example.net>\n${date}\nHello.\n`,
  'mixed-with-picture': multipartPost(17, 'Subject: picture\n', 'mixed', [plainPart, png]),
  'only-forbidden-parts': multipartPost(18, 'Subject: programs\n', 'mixed', [
    'Content-Type: application/octet-stream; name="setup.EXE"\nContent-Disposition: attachment; filename="setup.EXE"\nContent-Transfer-Encoding: base64\n\nTVo=',
    png,
  ]),
  'alternative-with-related': multipartPost(19, 'Subject: pretty\n', 'alternative', [
    plainPart,
    `Content-Type: multipart/related; boundary="y"\n\n--y\nContent-Type: text/html\n\n<p>Hello.</p>\n--y\n${png}\n--y--`,
  ]),
  'html-only': post(
    20,
    'Subject: html\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n',
    '<p>Hello <b>all</b></p>\n',
  ),
  'attachment-only': post(
    21,
    'Subject: pdf\nMIME-Version: 1.0\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n',
    'JVBERi0=\n',
  ),
  'calendar-alternative': multipartPost(22, 'Subject: meeting\n', 'alternative', [
    plainPart,
    'Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nEND:VCALENDAR',
  ]),
  'footer-charset': post(
    23,
    'Subject: koi8\nMIME-Version: 1.0\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n',
    '\xf0\xd2\xc9\xd7\xc5\xd4\n',
  ),
  'no-archive': post(24, 'Subject: secret\nX-No-Archive: yes\nX-Ack: no\n', 'Hello.\n'),
  'automatic-reply': post(
    25,
    'Subject: Out of office\nAuto-Submitted: auto-replied\nPrecedence: bulk\n',
    'I am away.\n',
  ),
  'digest-quoted': post(26, 'Subject: Re: Plain Digest, Vol 3, Issue 4\n', 'I agree.\n'),
  'mail-by-hand': `from:bert@example.net (Bert)\nTO:plain@lists.example.com\nsubject:  spaced   out\nmessage-id:<more27@mua.example.net>\n\nHello.\n`,
  'group-author': `From: Friends: bert@example.net, anna@example.com;\nTo: Lists: plain@lists.example.com, other@example.org;\nSubject: group\nMessage-ID: <more28@mua.example.net>\n${date}\nHello.\n`,
};
