import { allLists } from '../../src/database/lists.ts';
import type { EmailCommand } from '../../src/flow/commands/command.ts';
import { subAddress } from '../../src/model/mailing-list.ts';

/** Lists that one answer shows; a mail of megabytes helps nobody. */
const MOST_LISTS = 1000;

const NUMBER_WIDTH = 3;
const INDENT = ' '.repeat(NUMBER_WIDTH + 2);

/** `lists`: the advertised lists of the same domain, and this one. */
export const lists: EmailCommand = {
  name: 'lists',
  aliases: [],
  usage: '',
  summary: 'help_lists',
  run: async ({ step, list, say, answer, warn }, words) => {
    if (words.length > 0) {
      warn(`${say('command_bad_arguments')} ${words.join(' ')}`);
      return 'stop';
    }
    const all = await allLists(step.connection, list.mailHost);
    const shown = all
      .filter(({ listId, settings }) => settings.advertised || listId === list.listId)
      .sort((a, b) => (a.listName < b.listName ? -1 : 1));
    answer(say('lists_heading', { host: list.mailHost }));
    for (const [index, each] of shown.slice(0, MOST_LISTS).entries()) {
      const { display_name, description } = each.settings;
      const number = String(index + 1).padStart(NUMBER_WIDTH);
      answer(say('lists_name', { number, value: display_name }));
      answer(INDENT + say('lists_description', { value: description || say('results_not_available') }));
      answer(INDENT + say('lists_request', { value: subAddress(each, 'request') }));
    }
    return 'go on';
  },
};
