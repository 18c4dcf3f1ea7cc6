/** What a list server says in a mail of its own, by the Subjects of Mailman 2.1 and of Ferryman. */
const KINDS: readonly (readonly [kind: string, subject: RegExp])[] = [
  ['your post is held', /awaits moderator approval$|司会者の承認待ち|モデレーターの承認待ち/],
  ['a post is held', /post from .*requires approval$|投稿(?:は承認が必要|が承認待ち)です$/],
  ['a post is held', /^Forward of moderated message$/],
  [
    'results of commands',
    /^The results of your email commands$|E-Mail-(?:Kommandos|Befehle)$|メールコマンドの/,
  ],
  ['last answer today', /^Last autoresponse notification for today$/],
  ['automatic answer', /^Auto-response for your message|自動応答$|自動返信$/],
  ['acknowledgement', /post acknowledge?ment$/],
  ['welcome, digests', /^Welcome to .*\(Digest mode\)$/],
  ['welcome', /^Welcome to /],
  ['goodbye', /^You have been unsubscribed from|abbestellt$|verlassen$/],
  ['confirm to join', /^Your confirmation is (?:needed|required) to join/],
  ['confirm to leave', /^Your confirmation is (?:needed|required) to leave/],
  ['confirm a change', /^Your confirmation is needed to change/],
  ['delivery is off', /^confirm [0-9a-f]{40}$|^Your subscription for .* disabled$|ausgesetzt$|配送を停止/],
  ['a member bounces', /^Bounce action notification$|bounce score incremented on|subscription disabled on/],
  [
    'a member has left',
    /unsubscribe notification$|due to bounces$|Abbestellungbenachrichtigung$|Austritt eines/,
  ],
  ['request refused', /^Request to mailing list .* rejected$|却下/],
  [
    'requests wait',
    /request\(s\) waiting$|requests waiting\.$|Moderatoranforderung|Moderationsanfragen|申請/,
  ],
  ['somebody wants to join', /^New subscription request/],
  ['somebody wants to leave', /^New unsubscription request/],
  ['a post was filtered', /^Content filter(?:ed)? message notification$/],
  ['unrecognised bounce', /^Uncaught bounce notification$|^Returned mail$/],
];

/** What the notice is about; where a post came back, its own Subject. */
export function noticeKind(subject: string): string {
  return KINDS.find(([, pattern]) => pattern.test(subject))?.[0] ?? `returned: ${subject}`;
}
