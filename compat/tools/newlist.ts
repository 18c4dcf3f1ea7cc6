import type { CliContext } from '../../src/cli/context.ts';
import { refreshMaps } from '../../src/cli/refresh-maps.ts';
import { runStepOn } from '../../src/cli/step.ts';
import { allDomains } from '../../src/database/domains.ts';
import { allListNames, updateSettings } from '../../src/database/lists.ts';
import { CreateListError, createList } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { hashPassword } from '../../src/membership/passwords.ts';
import { domainKey, isValidAddress } from '../../src/model/email-address.ts';
import { sendNotice } from '../../src/templates/notice-sending.ts';
import { newList } from '../../src/templates/notices/lists.ts';
import { getopt } from './getopt.ts';
import { prompt } from './prompt.ts';
import { type LegacyTool, ToolError, ToolUsageError } from './tool.ts';

/** `newlist` */
export const tool: LegacyTool = {
  usage: [
    'Usage: newlist [-q] [-a] [-l LANGUAGE] [-u URLHOST] [-e EMAILHOST] [LISTNAME[@URLHOST] [OWNER [PASSWORD]]]',
    '',
    '  -l CODE, --language=CODE    preferred language',
    '  -u HOST, --urlhost=HOST     host of its web pages',
    '  -e HOST, --emailhost=HOST   domain of its addresses',
    '  -q, --quiet                 do not tell the owner by mail',
    '  -a, --automate              tell the owner without asking',
    '',
    'What is not given is asked for.',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, [
      'q/quiet',
      'a/automate',
      'l/language=',
      'u/urlhost=',
      'e/emailhost=',
    ]);
    if (rest.length > 3) throw new ToolUsageError(`Extra arguments: ${rest.slice(3).join(' ')}`);
    const name = rest[0] ?? (await prompt('Enter the name of the list: '));
    const [listName = '', webHost = options.get('urlhost')?.at(-1)] = name.split('@');
    const owner = rest[1] ?? (await prompt('Enter the email of the person running the list: '));
    const password = rest[2] ?? (await prompt(`Initial ${listName} password: `, { hidden: true }));
    if (password === '') throw new ToolError('The list password cannot be empty');
    if (!isValidAddress(owner)) throw new ToolError(`Bad owner email address: ${owner}`);
    const mailHost = options.get('emailhost')?.at(-1) ?? (await usualDomain(context, webHost));
    const config = context.config();
    const language = options.get('language')?.at(-1) ?? config.mailman.default_language;
    await context.withDatabase(async (database) => {
      const admin_password = await hashPassword(password);
      const list = await runStepOn(context, database, async ({ connection }) => {
        const wanted = {
          address: `${listName}@${mailHost}`,
          style: config.styles.default,
          language,
          owners: [owner],
          createDomain: true,
        };
        try {
          const made = await createList(connection, wanted, listRules(config));
          return await updateSettings(connection, made, { admin_password });
        } catch (error) {
          throw error instanceof CreateListError ? inOldWords(error, listName, language) : error;
        }
      });
      await refreshMaps(context, database);
      if (options.has('quiet')) return;
      if (!options.has('automate')) await prompt(`Hit enter to notify ${listName} owner...`);
      await runStepOn(context, database, (step) =>
        sendNotice(step, newList(list, { address: owner, displayName: '' })),
      );
    });
    return 0;
  },
};

/** Mailman 2.1 knows one mail domain for each web host, and one where nothing is said, which is that of its site list. */
async function usualDomain(context: CliContext, webHost: string | undefined): Promise<string> {
  const siteList = context.config().legacy.site_list.toLowerCase();
  const { hosts, siteHosts } = await context.withDatabase(async ({ connection }) => ({
    hosts: (await allDomains(connection)).map(({ mailHost }) => mailHost),
    siteHosts: (await allListNames(connection))
      .filter(({ listName }) => listName === siteList)
      .map(({ mailHost }) => mailHost),
  }));
  if (webHost !== undefined) {
    const key = domainKey(webHost);
    return hosts.find((host) => host === key || key === `www.${host}` || key === `lists.${host}`) ?? key;
  }
  const [only, ...others] = hosts;
  if (only !== undefined && others.length === 0) return only;
  const [siteHost, ...otherSites] = siteHosts;
  if (siteHost !== undefined && otherSites.length === 0) return siteHost;
  throw new ToolError(
    only === undefined
      ? 'There is no domain yet; name it by -e EMAILHOST'
      : `There are several domains (${hosts.join(', ')}); choose one by -e EMAILHOST`,
  );
}

function inOldWords({ problem, message }: CreateListError, listName: string, language: string): ToolError {
  switch (problem) {
    case 'exists':
      return new ToolError(`List already exists: ${listName}`);
    case 'name':
      return new ToolError(`Illegal list name: ${listName}`);
    case 'language':
      return new ToolError(`Unknown language: ${language}`);
    default:
      return new ToolError(message);
  }
}
