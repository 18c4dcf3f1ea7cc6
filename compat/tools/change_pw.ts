import { allLists, updateSettings } from '../../src/database/lists.ts';
import { refuseSettingsWhereMailman2InCharge } from '../../src/lists/mailman2-settings.ts';
import { hashPassword } from '../../src/membership/passwords.ts';
import { domainKey } from '../../src/model/email-address.ts';
import { getopt } from './getopt.ts';
import { byText, legacyNames, neededList } from './legacy-list.ts';
import { newPassword } from './new-password.ts';
import { type LegacyTool, ToolUsageError } from './tool.ts';

/** `change_pw`. Mailman 2.1 also mailed the password to the owners; here it is shown to whoever ran this, only. */
export const tool: LegacyTool = {
  usage: [
    'Usage: change_pw [-a] [-d DOMAIN]... [-l LISTNAME]... [-p PASSWORD] [-q]',
    '',
    '  -a, --all                     all lists',
    '  -d DOMAIN, --domain=DOMAIN    all lists of a mail domain; may be repeated',
    '  -l NAME, --listname=NAME      this list; may be repeated',
    '  -p PW, --password=PW          the new password; without it, each list gets one of its own',
    '  -q, --quiet                   without effect: passwords are not mailed',
  ],
  run: async (argv, context) => {
    const { options, rest } = getopt(argv, ['a/all', 'd/domain=', 'l/listname=', 'p/password=', 'q/quiet']);
    if (rest.length > 0) throw new ToolUsageError(`Bad arguments: ${rest.join(' ')}`);
    const given = options.get('password')?.at(-1);
    if (given === '') throw new ToolUsageError('Empty list passwords are not allowed');
    const domains = new Set((options.get('domain') ?? []).map(domainKey));
    const changed = await context.transaction(async (connection) => {
      const all = await allLists(connection);
      const names = legacyNames(all);
      const chosen = new Map(
        all
          .filter(({ mailHost }) => options.has('all') || domains.has(mailHost))
          .map((list) => [list.listId, list]),
      );
      for (const name of options.get('listname') ?? []) {
        const list = await neededList(connection, name);
        chosen.set(list.listId, list);
      }
      const done: [string, string][] = [];
      for (const list of chosen.values()) {
        await refuseSettingsWhereMailman2InCharge(connection, list, ['password']);
        const password = given ?? newPassword();
        await updateSettings(connection, list, { admin_password: await hashPassword(password) });
        done.push([names.get(list.listId) ?? list.listName, password]);
      }
      return done.sort(([one], [other]) => byText(one, other));
    });
    if (changed.length === 0) context.warn('Nothing to do.');
    for (const [name, password] of changed) context.print(`New ${name} password: ${password}`);
    return 0;
  },
};
