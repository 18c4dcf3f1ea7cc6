import type { Say } from '../../language/index.ts';
import type { Message } from '../../message/message.ts';
import { type MailingList, postingAddress, subAddress } from '../../model/mailing-list.ts';
import { fromTemplate, type Notice } from '../notice.ts';
import { listSender, noReply, siteOwner } from '../senders.ts';
import { oneLine } from '../variables.ts';
import { wrapLines } from '../wrap.ts';
import { type Recipient, userAudience } from './subscriptions.ts';

const INDENT = '    ';

/** Tells an owner of a new list about it. */
export function newList(list: MailingList, to: Recipient): Notice {
  return {
    list,
    audience: userAudience(to),
    content: ({ say, config }) => ({
      from: noReply(config, list),
      subject: say('subject_new_list', { listname: postingAddress(list) }),
      body: fromTemplate('domain:admin:notice:new-list', {
        requestaddr: subAddress(list, 'request'),
        siteowner: config.mailman.site_owner,
      }),
    }),
  };
}

/**
 * Reminds owners of what waits for a decision.
 * @param details data: one line for each request, in the language of who reads them
 */
export function requestsWaiting(
  list: MailingList,
  { count, data }: { readonly count: number; readonly data: (say: Say) => readonly string[] },
): Notice {
  return {
    list,
    audience: { kind: 'owners' },
    content: ({ say, config }) => ({
      from: siteOwner(config),
      subject: say('subject_requests_waiting', { listname: postingAddress(list), count }),
      body: fromTemplate('list:admin:notice:pending', {
        count: String(count),
        data: data(say).map(indented).join('\n'),
      }),
    }),
  };
}

/** A line further in, on one line whatever it quotes. */
function indented(line: string): string {
  const [blanks = ''] = /^ */.exec(line) ?? [];
  return (INDENT + blanks + oneLine(line)).trimEnd();
}

/** What became of the commands in a mail. */
export interface CommandResults {
  readonly to: Recipient;
  /** Header fields of the mail as text; '' where it had none. */
  readonly original: {
    readonly from: string;
    readonly subject: string;
    readonly date: string;
    readonly messageId: string;
  };
  readonly results: readonly string[];
  /** Lines after the point where processing ended. */
  readonly unprocessed?: readonly string[];
  /** Lines beyond `[mailman] email_commands_max_lines`. */
  readonly ignored?: readonly string[];
  /** What was read of the mail, to be attached. */
  readonly quoted?: Message;
}

/** Answers a mail with commands. */
export function commandResults(list: MailingList, details: CommandResults): Notice {
  const { to, original, results, unprocessed = [], ignored = [], quoted } = details;
  return {
    list,
    audience: userAudience(to),
    content: ({ say }) => {
      const shown = (value: string) => ({ value: oneLine(value) || say('results_not_available') });
      const section = (title: string, lines: readonly string[]) =>
        lines.length === 0
          ? []
          : [
              [title, ...lines.map((line) => (INDENT + line.replace(/[\r\n\0]+/g, ' ')).trimEnd())].join(
                '\n',
              ),
            ];
      const sections = [
        wrapLines(say('results_intro')).join('\n'),
        ...(quoted ? [wrapLines(say('results_quoted')).join('\n')] : []),
        ...section(say('results_original'), [
          say('results_from', shown(original.from)),
          say('results_subject', shown(original.subject)),
          say('results_date', shown(original.date)),
          say('results_message_id', shown(original.messageId)),
        ]),
        ...section(say('results_results'), results),
        ...section(say('results_unprocessed'), unprocessed),
        ...section(say('results_ignored'), ignored),
        say('results_done'),
      ];
      return {
        from: listSender(list, 'bounces'),
        subject: say('subject_command_results'),
        body: { text: `${sections.join('\n\n')}\n` },
        ...(quoted ? { attachments: [quoted] } : {}),
        headers: [['Auto-Submitted', 'auto-replied']],
      };
    },
  };
}
