import { parseArgs } from 'node:util';
import { FerrymanError } from '../../src/errors.ts';
import { subAddresses } from '../../src/model/list-addresses.ts';

/** The wrapper was called in a way that no mail server does by mistake twice: the mail is returned. */
export class WrapperUsageError extends FerrymanError {
  override name = 'WrapperUsageError';
}

/** What an alias says: `mail/mailman CMD LIST`. */
export interface WrapperCall {
  /** What is put behind the name of the list; '' for posts. */
  readonly suffix: string;
  readonly listName: string;
  /** `-d`: the domain of the list. */
  readonly domain: string | undefined;
  readonly configFile: string | undefined;
}

const COMMANDS = ['post', ...Object.keys(subAddresses)];

/** `[-C FILE] [-d DOMAIN] CMD LIST` @throws WrapperUsageError */
export function readWrapperCall(argv: readonly string[]): WrapperCall {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw new WrapperUsageError((error as Error).message);
  }
  const [command, listName, ...extra] = parsed.positionals;
  if (command === undefined) throw new WrapperUsageError('Usage: mailman [-d DOMAIN] COMMAND LISTNAME');
  if (!COMMANDS.includes(command)) throw new WrapperUsageError(`Illegal command: ${command}`);
  if (listName === undefined || listName === '' || extra.length > 0)
    throw new WrapperUsageError(`${command} script got no listname.`);
  return {
    suffix: command === 'post' ? '' : `-${command}`,
    listName: listName.toLowerCase(),
    domain: parsed.values.domain,
    configFile: parsed.values.config,
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { config: { type: 'string', short: 'C' }, domain: { type: 'string', short: 'd' } },
  });
}

/** What mail servers tell programs about a mail (Postfix local(8), Exim's pipe transport). */
export type MailEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The domain that the mail was sent to, where the mail server says it and it was sent to this list.
 */
export function domainFromEnvironment(
  { listName }: Pick<WrapperCall, 'listName'>,
  environment: MailEnvironment,
): string | undefined {
  for (const name of ['ORIGINAL_RECIPIENT', 'RECIPIENT']) {
    const address = (environment[name] ?? '').toLowerCase();
    const at = address.lastIndexOf('@');
    const local = address.slice(0, Math.max(at, 0));
    if (local === listName || local.startsWith(`${listName}-`)) return address.slice(at + 1);
  }
  return undefined;
}

const MBOX_LINE = /^>?From (\S+) /;

/** The envelope sender: from the environment, else from the mbox line that the mail server wrote; '' for none. */
export function envelopeSender(environment: MailEnvironment, message: Buffer): string {
  const named = environment.SENDER ?? MBOX_LINE.exec(message.toString('latin1', 0, 1000))?.[1] ?? '';
  return /^(?:MAILER-DAEMON|<>)$/i.test(named) ? '' : named;
}
