import { type Choice, chooseMembers, strangersIn } from '../../compat/cutover/choose-members.ts';
import type { CutoverContext, StepReport } from '../../compat/cutover/context.ts';
import { openMoving, StepRefusedError } from '../../compat/cutover/context.ts';
import { beginAlongside } from '../../compat/cutover/steps/begin-alongside.ts';
import { changeSides, rehearseChange } from '../../compat/cutover/steps/hand-over.ts';
import { findDomain } from '../database/domains.ts';
import { handedOverOf } from '../database/handed-over.ts';
import type { Connection } from '../database/handle.ts';
import { membersOfList } from '../database/members.ts';
import { UsageError } from '../errors.ts';
import { isListening, stageDomain } from '../model/cutover.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import type { CliCommand } from './command.ts';
import { type StepOptions, takeDifferences, takeLists, takeStep } from './cutover-context.ts';
import { readLines } from './input-file.ts';

interface Options extends StepOptions {
  readonly percent?: string;
  readonly domain?: string;
  readonly file?: string;
  readonly everybody?: boolean;
  readonly back?: boolean;
}

/** `mailman cutover alongside` */
export const alongside: CliCommand = {
  define: (command, context) => {
    takeDifferences(takeLists(command))
      .description(
        'From observe: both deliver, each to its own part of the members. Without an option nobody is handed over yet. ' +
          'Say it again to hand over more; members with digests stay with Mailman 2 until the lead.',
      )
      .option('--percent <N>', 'Hand over so many of a hundred members, with those before.')
      .option('--domain <DOMAIN>', 'Hand over the members at this domain.')
      .option('--file <FILE>', 'Hand over the addresses in this file, one a line; - is standard input.')
      .option('--everybody', 'Hand over all members.')
      .option('--back', 'Hand back instead.')
      .action(async (lists: readonly string[], options: Options) => {
        const choice = choiceOf(options);
        if (options.back && !choice)
          throw new UsageError('--back: whom? Say --percent, --domain, --file or --everybody.');
        await takeStep(context, lists, options, (cutover, listSpec) =>
          shareDelivery(cutover, listSpec, choice, options.back === true),
        );
      });
  },
};

async function shareDelivery(
  context: CutoverContext,
  listSpec: string,
  choice: Choice | undefined,
  isBack: boolean,
): Promise<StepReport> {
  const { list, cutover } = await openMoving(context, listSpec);
  if (!choice) {
    if (cutover.stage !== 'alongside') return beginAlongside(context, listSpec);
    throw new StepRefusedError(
      `${postingAddress(list)} is in the stage alongside already; whom to hand over? Say --percent, --domain, --file or --everybody`,
    );
  }
  const begun = cutover.stage === 'alongside' ? undefined : await beginAlongside(context, listSpec);
  const { connection } = context.services.database;
  const subscribed = (await membersOfList(connection, list.listId, ['member'])).map(({ email }) => email);
  const members = subscribed.filter((key) => !isListening(key));
  const chosen = chooseMembers(members, choice);
  const way = isBack ? 'hand-back' : 'hand-over';
  const isLast = !isBack && chosen.length === members.length && subscribed.length === members.length;
  const warnings = [
    ...strangerWarnings(members, choice),
    ...(isLast ? [await nothingToCompare(connection, list)] : []),
  ];
  if (begun && context.isDryRun) {
    const change = await rehearseChange(context, { list, cutover }, chosen, way);
    return { ...begun, did: [...begun.did, change, ...warnings] };
  }
  const changed = await changeSides(context, listSpec, chosen, way);
  if (context.isDryRun) return { ...changed, did: [...changed.did, ...warnings] };
  const ours = (await handedOverOf(connection, list.listId)).length;
  const did = [
    ...(begun?.did ?? []),
    ...changed.did,
    `${ours} of ${members.length} members are handed over now`,
    ...warnings,
  ];
  return { ...changed, from: begun?.from ?? changed.from, did };
}

/** How many addresses of a file are named that are of no members. */
const MOST_NAMED = 5;

function strangerWarnings(members: readonly string[], choice: Choice): string[] {
  const unknown = strangersIn(members, choice);
  if (unknown.length === 0) return [];
  const rest = unknown.length - MOST_NAMED;
  return [
    `warning: no members: ${unknown.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
  ];
}

/** Mailman 2 delivers to nobody any more: what it would have sent is seen by nobody, and its logs name no recipients. */
async function nothingToCompare(connection: Connection, list: MailingList): Promise<string> {
  const { aliasDomain } = (await findDomain(connection, list.mailHost)) ?? {};
  const address = `${list.listName}@${stageDomain('listen', aliasDomain ?? 'ALIASDOMAIN')}`;
  return `warning: Mailman 2 delivers to nobody now, so that parity cannot be measured: make ${address} a member there (add_members), which stays with Mailman 2`;
}

/** @throws UsageError where more than one way is named */
function choiceOf({ percent, domain, file, everybody }: Options): Choice | undefined {
  const choices: Choice[] = [];
  if (percent !== undefined) choices.push({ kind: 'percent', percent: percentOf(percent) });
  if (domain !== undefined) choices.push({ kind: 'domain', domain });
  if (everybody) choices.push({ kind: 'all' });
  if (file !== undefined) choices.push({ kind: 'addresses', addresses: addressesIn(file) });
  if (choices.length > 1) throw new UsageError('Only one of --percent, --domain, --file and --everybody.');
  return choices[0];
}

function percentOf(text: string): number {
  const percent = Number(text);
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return percent;
  throw new UsageError(`--percent: found '${text}', expected a number from 0 to 100`);
}

function addressesIn(file: string): string[] {
  const lines = readLines(file, "'--file'");
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}
