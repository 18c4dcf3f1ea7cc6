import type { MessageKey, Say } from '../../language/index.ts';
import type { Message } from '../../message/message.ts';
import type { Mailbox } from '../../model/email-address.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { MessageMetadata } from '../../queue/queues.ts';
import type { Step } from '../../queue/step.ts';

/** A mail with commands, while they are carried out. */
export interface CommandMail {
  readonly step: Step;
  readonly list: MailingList;
  readonly message: Message;
  readonly metadata: MessageMetadata;
  /** Who gets the answer. Anybody can write anything here: it may ask, but proves nothing. */
  readonly sender: Mailbox;
  /** What stood in an Approved: header or line; nobody has looked whether it is right. It may be empty. */
  readonly approvedPassword: string | undefined;
  /** Speaks the sender's language. */
  readonly say: Say;
  /** The commands that are known here. */
  readonly commands: CommandTable;
  /** What a command keeps for later ones of the same mail. */
  readonly memory: Map<string, unknown>;
  /** Has something done when all commands of the mail are through, such as one mail about several of them. */
  readonly afterwards: (work: () => Promise<void>) => void;
  /** A word that no answer may repeat, such as a password. */
  readonly keepSecret: (word: string) => void;
  /** A line for the answer; mails to -join, -leave and -confirm are not answered for such lines alone. */
  readonly answer: (line: string) => void;
  /** The answer goes out however many went before: who writes has a token that only moderators get. */
  readonly answerWithoutLimit: () => void;
  /** A line that the sender must see in any case: something went wrong, or did not end here. */
  readonly warn: (line: string) => void;
}

/** Mails that ask somebody to confirm, unanswered at one time on a list: more would help only who wants to annoy. */
export const MOST_OPEN_REQUESTS = 3;

/** Whether the lines that follow are still commands. */
export type NextLines = 'go on' | 'stop';

/** Texts about commands; they have nothing to fill in. */
export type HelpText = Extract<MessageKey, `help_${string}`>;

/** A command by mail, under Mailman's name; one file each. */
export interface EmailCommand {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Its arguments, as help shows them. */
  readonly usage: string;
  /** One sentence for the overview. */
  readonly summary: HelpText;
  /** What else there is to know. */
  readonly details?: readonly HelpText[];
  readonly run: (mail: CommandMail, words: readonly string[]) => Promise<NextLines>;
}

/** Commands by each of their names, in lower case. */
export type CommandTable = ReadonlyMap<string, EmailCommand>;

/** How mail to -request is read and answered. */
export interface CommandLanguage {
  readonly commands: CommandTable;
  /**
   * What an unknown word does. `told`: the answer names it, and reading goes on (Mailman 3). `ends`: it ends the commands,
   * as whatever people write below them does; as Subject of a mail with commands it means nothing (Mailman 2.1).
   */
  readonly unknown: 'told' | 'ends';
  /** Whether the answer brings back what was read, without secrets (Mailman 2.1 attaches the whole mail). */
  readonly quotes: boolean;
}

/** The table of some commands; where two have the same name, the later one counts. */
export function commandTable(commands: readonly EmailCommand[]): CommandTable {
  return new Map(
    commands.flatMap((command) =>
      [command.name, ...command.aliases].map((name): [string, EmailCommand] => [name, command]),
    ),
  );
}
