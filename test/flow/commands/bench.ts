import { afterEach, beforeEach } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { commandStep } from '../../../src/flow/command-step.ts';
import type { CommandLanguage } from '../../../src/flow/commands/command.ts';
import { mailman3Language } from '../../../src/flow/commands/index.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { Message } from '../../../src/message/message.ts';
import { partText } from '../../../src/message/text.ts';
import { parseMailbox } from '../../../src/model/email-address.ts';
import type { Role } from '../../../src/model/enums.ts';
import type { MessageMetadata } from '../../../src/queue/queues.ts';
import { openBench, type WorkflowBench } from '../../membership/workflow/bench.ts';

/** A list `ant@example.com` that reads commands by mail. */
export interface CommandBench extends WorkflowBench {
  readonly database: Database;
  /** Adds people, `Name <address>`. */
  join(role: Role, ...mailboxes: string[]): Promise<void>;
  /** Takes a mail through the step of the queue `command`; to -request unless `metadata` says otherwise. */
  send(headers: Readonly<Record<string, string>>, body?: string, metadata?: MessageMetadata): Promise<void>;
  /** Takes what is a whole message through it. */
  sendBytes(bytes: Uint8Array, metadata?: MessageMetadata): Promise<void>;
  /** The texts of mails with results since the last call; other mails stay. */
  results(): string[];
  /** What stands under `- Results:` in the only such mail. */
  resultLines(): string[];
}

/** A bench for each test of a file. */
export function commandBench(language: CommandLanguage = mailman3Language): () => CommandBench {
  let bench: CommandBench | undefined;
  beforeEach(async () => {
    bench = await openCommandBench(language);
  });
  afterEach(() => bench?.database.close());
  return () => {
    if (!bench) throw new Error('outside of a test');
    return bench;
  };
}

async function openCommandBench(language: CommandLanguage): Promise<CommandBench> {
  const database = await openDatabase('sqlite:///:memory:');
  const bench = await openBench(database);
  const sendBytes: CommandBench['sendBytes'] = (bytes, metadata = {}) =>
    bench.run((step, list) =>
      commandStep(
        bytes,
        {
          listid: list.listId,
          envelope_sender: 'anne@example.org',
          subaddress: 'request',
          to_request: true,
          ...metadata,
        },
        step,
        language,
      ),
    );
  const results: CommandBench['results'] = () => {
    const answers = bench.queued.filter(({ message }) => isResult(message));
    for (const answer of answers) bench.queued.splice(bench.queued.indexOf(answer), 1);
    // An answer may have an attachment.
    return answers.map(({ message: { root } }) => partText(root.children[0] ?? root));
  };
  return {
    ...bench,
    database,
    join: (role, ...mailboxes) =>
      bench.run(async (step, list) => {
        const parsed = mailboxes.map(parseMailbox).filter((mailbox) => mailbox !== undefined);
        await subscribe(step.connection, list, parsed, { role, verified: true });
      }),
    sendBytes,
    send: (headers, body = '', metadata = {}) => {
      const all = { From: 'Anne Person <anne@example.org>', 'Message-ID': '<one@example.org>', ...headers };
      return sendBytes(Message.of(Object.entries(all), body).toBuffer(), metadata);
    },
    results,
    resultLines: () => {
      const [only, ...others] = results();
      if (only === undefined || others.length > 0) throw new Error('not exactly one answer');
      const [, section = ''] = only.split('- Results:\n');
      return section
        .slice(0, section.search(/\n\n- /))
        .split('\n')
        .map((line) => line.slice(4));
    },
  };
}

function isResult({ headers }: Message): boolean {
  return headers.get('Subject') === 'The results of your email commands';
}
