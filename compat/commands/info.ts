import type { CommandMail, EmailCommand } from '../../src/flow/commands/command.ts';
import { postingAddress, subAddress } from '../../src/model/mailing-list.ts';
import { publicBaseUrl } from '../../src/templates/web-links.ts';
import { pathPart } from '../web-address.ts';

/** `info`: what the list is for, and its addresses. */
export const info: EmailCommand = {
  name: 'info',
  aliases: [],
  usage: '',
  summary: 'help_info',
  run: async (mail, words) => {
    const { list, say, answer, warn } = mail;
    if (words.length > 0) {
      warn(`${say('command_bad_arguments')} ${words.join(' ')}`);
      return 'stop';
    }
    const { settings } = list;
    answer(say('info_name', { value: settings.display_name }));
    answer(say('info_description', { value: settings.description || say('results_not_available') }));
    answer(say('info_post', { value: postingAddress(list) }));
    answer(say('info_request', { value: subAddress(list, 'request') }));
    answer(say('info_owner', { value: subAddress(list, 'owner') }));
    answer(say('info_web', { value: webPage(mail) }));
    return 'go on';
  },
};

/** Where the list has its page: at the old address, where there is one and it leads here. */
function webPage({ list, step: { config }, say }: CommandMail): string {
  const old = list.settings.web_page_url;
  if (old !== '' && config.legacy.urls) return `${old}listinfo/${pathPart(list.listName)}`;
  const base = publicBaseUrl(config);
  return base === undefined
    ? say('results_not_available')
    : `${base}/archives/list/${pathPart(postingAddress(list))}/`;
}
