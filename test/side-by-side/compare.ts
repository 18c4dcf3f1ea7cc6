import { type ComparableMail, comparable, mailKinds } from './comparable.ts';
import type { Observation } from './observation.ts';

/** What is compared of each mail to each list. */
export type Aspect =
  | 'decision'
  | 'reason'
  | 'recipients'
  | 'spelling'
  | 'sender'
  | 'header'
  | 'order'
  | 'structure'
  | 'encoding'
  | 'text'
  | 'quoted';

/** Something that the two servers did differently with a mail. */
export interface Difference {
  readonly mail: string;
  readonly list: string;
  readonly aspect: Aspect;
  readonly kind: ComparableMail['kind'];
  /** In lower case, where the aspect is `header`. */
  readonly header: string;
  readonly mailman: string;
  readonly ferryman: string;
}

type Report = (
  aspect: Aspect,
  mailman: string,
  ferryman: string,
  where?: Partial<Pick<Difference, 'kind' | 'header'>>,
) => void;

/** Something that was compared of one mail to one list. */
export interface Compared {
  readonly aspect: Aspect;
  /** Each one once, however many copies show it; none where both servers did the same. */
  readonly differences: readonly Difference[];
}

/**
 * Compares what two servers did with one mail to one list.
 * @param original the mail, latin1
 */
export function compare(theirs: Observation, ours: Observation, original: string): Compared[] {
  const found = new Map<string, { aspect: Aspect; differences: Map<string, Difference> }>();
  const report: Report = (aspect, mailman, ferryman, { kind = 'post', header = '' } = {}) => {
    const key = `${kind} ${aspect} ${header}`;
    const { differences } = found.get(key) ?? { differences: new Map<string, Difference>() };
    found.set(key, { aspect, differences });
    if (mailman === ferryman) return;
    const { mail, list } = theirs;
    differences.set(`${mailman}\0${ferryman}`, { mail, list, aspect, kind, header, mailman, ferryman });
  };
  compareOutcomes(theirs, ours, original, report);
  return [...found.values()].map(({ aspect, differences }) => ({
    aspect,
    differences: [...differences.values()],
  }));
}

function compareOutcomes(theirs: Observation, ours: Observation, original: string, report: Report): void {
  report('decision', decisionOf(theirs), decisionOf(ours));
  if (decisionOf(theirs) !== decisionOf(ours)) return;
  report('reason', `${reasonOf(theirs)}\n${heldRules(theirs)}`, `${reasonOf(ours)}\n${heldRules(ours)}`);
  for (const kind of mailKinds) compareMails(theirs, ours, { kind, original, report });
}

/** What became of the mail. */
function decisionOf({ reply, decisions, held, shunted }: Observation): string {
  if (!reply.startsWith('2')) return `refused: ${reply}`;
  if (shunted.length > 0) return 'shunted';
  if (held.length > 0) return 'held';
  const last = decisions.at(-1) ?? '';
  if (/^REJECT| rejected by /.test(last)) return 'rejected';
  return /^DISCARD| discarded by /.test(last) ? 'discarded' : 'accepted';
}

function reasonOf({ held, decisions }: Observation): string {
  const reasons = held.length > 0 ? held.map(({ reason }) => reason) : decisions.slice(-1);
  return reasons.map((line) => line.replace(/<[^>]*>/g, '(id)')).join('\n');
}

function heldRules({ held }: Observation): string {
  return held
    .flatMap(
      ({ message }) => message.match(/^X-Mailman-Rule-(?:Hits|Misses):[^\n]*(?:\n[ \t][^\n]*)*/gm) ?? [],
    )
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .join('\n');
}

/** A copy for one recipient. */
interface Copy {
  /** In lower case. */
  readonly recipient: string;
  /** As the envelope has it. */
  readonly spelling: string;
  readonly mail: ComparableMail;
}

function compareMails(
  theirs: Observation,
  ours: Observation,
  { kind, original, report }: { kind: ComparableMail['kind']; original: string; report: Report },
): void {
  const [mailman, ferryman] = [copiesOf(theirs, kind, original), copiesOf(ours, kind, original)];
  const people = (copies: readonly Copy[]) => copies.map(({ recipient }) => recipient).join(' ');
  report('recipients', people(mailman), people(ferryman), { kind });
  if (people(mailman) !== people(ferryman)) return;
  mailman.forEach(({ mail, spelling }, index) => {
    const other = ferryman[index];
    if (!other) return;
    report('spelling', spelling, other.spelling, { kind });
    compareCopies(mail, other.mail, (aspect, one, two, where) =>
      report(aspect, one, two, { kind, ...where }),
    );
  });
}

/** Sorted by recipient; of several mails to one recipient in the order of their Subjects. */
function copiesOf({ mails }: Observation, kind: ComparableMail['kind'], original: string): Copy[] {
  return mails
    .map((mail) => ({ recipients: mail.recipients, mail: comparable(mail, original) }))
    .filter(({ mail }) => mail.kind === kind)
    .flatMap(({ recipients, mail }) =>
      recipients.map((spelling) => ({ recipient: spelling.toLowerCase(), spelling, mail })),
    )
    .sort((one, other) => compareText(sortKey(one), sortKey(other)));
}

function sortKey({ recipient, mail }: Copy): string {
  return `${recipient}\n${mail.headers.find(({ name }) => /^Subject$/i.test(name))?.value ?? ''}`;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function compareCopies(theirs: ComparableMail, ours: ComparableMail, report: Report): void {
  report('sender', theirs.sender, ours.sender);
  const names = new Set([...theirs.headers, ...ours.headers].map(({ name }) => name.toLowerCase()));
  for (const header of names) report('header', fields(theirs, header), fields(ours, header), { header });
  report('order', commonOrder(theirs, ours), commonOrder(ours, theirs));
  if (theirs.kind === 'notice') report('quoted', theirs.quoted, ours.quoted);
  for (const aspect of ['structure', 'encoding', 'text'] as const) {
    if (theirs.content || ours.content)
      report(aspect, theirs.content?.[aspect] ?? '', ours.content?.[aspect] ?? '');
  }
}

function fields({ headers }: ComparableMail, wanted: string): string {
  return headers
    .filter(({ name }) => name.toLowerCase() === wanted)
    .map(({ name, value }) => `${name}: ${value}`)
    .join('\n');
}

/** The headers that both have, in the order of the first. */
function commonOrder(one: ComparableMail, other: ComparableMail): string {
  const names = new Set(other.headers.map(({ name }) => name.toLowerCase()));
  return one.headers
    .map(({ name }) => name.toLowerCase())
    .filter((name) => names.has(name))
    .join(' ');
}
