import { buffer } from 'node:stream/consumers';
import { loadConfig } from '../../src/config/index.ts';
import { SYSEXITS } from '../../src/mta/pipe/arguments.ts';
import { deliverByLmtp } from '../../src/mta/pipe/deliver.ts';
import {
  domainFromEnvironment,
  envelopeSender,
  readWrapperCall,
  type WrapperCall,
  WrapperUsageError,
} from './call.ts';

/** sysexits.h: EX_USAGE, EX_NOUSER. */
const USAGE = 64;
const NO_USER = 67;

/**
 * `mail/mailman CMD LIST` of Mailman 2.1: gives the message on standard input to the server by LMTP, so that old aliases
 * go on working. A server that is away is temporary, so that no mail is returned for it.
 */
try {
  const call = readWrapperCall(process.argv.slice(2));
  const config = loadConfig({ file: call.configFile });
  const domain = call.domain ?? domainFromEnvironment(call, process.env) ?? (await domainFromDatabase(call));
  if (domain === undefined) end(`${call.listName}: list not found`, NO_USER);
  else {
    const message = await buffer(process.stdin);
    const { result, reason } = await deliverByLmtp({
      host: config.mta.lmtp_host,
      port: config.mta.lmtp_port,
      sender: envelopeSender(process.env, message),
      recipients: [`${call.listName}${call.suffix}@${domain}`],
      message,
    });
    end(reason, SYSEXITS[result]);
  }
} catch (error) {
  end((error as Error).message, error instanceof WrapperUsageError ? USAGE : SYSEXITS.later);
}

function end(said: string, status: number): void {
  if (said !== '') process.stderr.write(`${said}\n`);
  process.exitCode = status;
}

/** Only where nobody says the domain: the database knows where a list of this name is. */
async function domainFromDatabase({ configFile, listName }: WrapperCall): Promise<string | undefined> {
  const { openConfiguredDatabase } = await import('../../src/database/open-configured.ts');
  const { legacyList } = await import('../tools/legacy-list.ts');
  const database = await openConfiguredDatabase(loadConfig({ file: configFile }));
  try {
    return (await legacyList(database.connection, listName))?.mailHost;
  } finally {
    await database.close();
  }
}
