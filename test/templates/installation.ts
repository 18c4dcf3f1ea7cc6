import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/index.ts';
import type { Database } from '../../src/database/handle.ts';
import { putTemplate } from '../../src/database/templates.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { TemplateContext } from '../../src/model/template.ts';
import type { MessageMetadata, QueueName } from '../../src/queue/queues.ts';
import type { Step } from '../../src/queue/step.ts';
import { load } from '../config/helpers.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { sampleList, storeList } from '../database/samples.ts';
import { stoppedClock, type TestServices, testServices } from '../support/services.ts';

/** A server with one list, ant@example.com, and folders of its own. */
export interface Installation {
  readonly config: Config;
  readonly database: Database;
  readonly services: TestServices;
  readonly clock: ReturnType<typeof stoppedClock>;
  readonly list: MailingList;
  /** A step without a transaction, which keeps what it enqueues. */
  readonly step: Step;
  readonly sent: Sent[];
  /** Writes a file below `template_dir`. */
  file(path: string, text: string | Uint8Array): string;
  /** Sets a text, or where it is. */
  put(context: TemplateContext, name: string, source: string | URL, language?: string): Promise<void>;
}

interface Sent {
  readonly queue: QueueName;
  readonly message: Uint8Array;
  readonly metadata: MessageMetadata;
}

export const SITE: TemplateContext = { scope: 'site' };
export const DOMAIN: TemplateContext = { scope: 'domain', mailHost: 'example.com' };
export const LIST: TemplateContext = { scope: 'list', listId: 'ant.example.com' };

/** @param settings of the list, as far as they are not the usual ones */
export async function installation(
  settings: Partial<MailingList['settings']> = {},
  configuration = '',
): Promise<Installation> {
  const config = load(`[mailman]\nsite_owner: postmaster@example.net\n${configuration}`);
  const database = await sqlitePlace().open();
  const clock = stoppedClock();
  const services = testServices(database, { config, clock });
  const plain = sampleList('ant');
  const list = await storeList(database.connection, {
    ...plain,
    settings: { ...plain.settings, display_name: 'Ant', ...settings },
  });
  const sent: Sent[] = [];
  const step: Step = {
    ...services,
    connection: database.connection,
    enqueue: async (queue, message, metadata) => {
      sent.push({ queue, message, metadata });
    },
  };
  return {
    config,
    database,
    services,
    clock,
    list,
    step,
    sent,
    file: (path, text) => {
      const whole = join(config.paths.template_dir, path);
      mkdirSync(dirname(whole), { recursive: true });
      writeFileSync(whole, text);
      return whole;
    },
    put: (context, name, source, language = '') =>
      putTemplate(database.connection, context, {
        name,
        language,
        source:
          typeof source === 'string'
            ? { text: source }
            : { uri: source.href, username: null, password: null },
      }),
  };
}
