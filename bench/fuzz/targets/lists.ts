import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { mimeDigest } from '../../../src/digests/mime-digest.ts';
import { plainDigest } from '../../../src/digests/plain-digest.ts';
import { type Digest, prepareDigest } from '../../../src/digests/prepare.ts';
import { tableOfContents } from '../../../src/digests/topics.ts';
import { commandStep } from '../../../src/flow/command-step.ts';
import { Message } from '../../../src/message/message.ts';
import { openBench, type WorkflowBench } from '../../../test/membership/workflow/bench.ts';
import { type FlowBench, openFlowBench } from '../../../test/support/flow.ts';
import { copiesOf, queued, throughPipeline, throughVirgin } from '../../../test/support/pipeline.ts';
import { type Material, makeInput, ofTokens } from '../mutate.ts';
import type { Random } from '../random.ts';
import { expectThat, type Target } from '../target.ts';
import { mimeMaterial } from './mime.ts';
import { commandMaterial } from './reports.ts';

/** The most entries that one mail may leave. */
const MAX_ENTRIES = 50;

const postMaterial: Material = {
  seeds: mimeMaterial.seeds,
  tokens: [
    ...mimeMaterial.tokens,
    ...[
      'From: Anne <anne@example.com>\r\n',
      'To: ant@example.com\r\n',
      'Cc: ',
      'Reply-To: ',
      'Sender: ',
      'List-Id: <ant.example.com>\r\n',
    ],
    ...[
      'X-BeenThere: ant@example.com\r\n',
      'Subject: [Ant] ',
      'Precedence: bulk\r\n',
      'Approved: x\r\n',
      'X-Ack: no\r\n',
      'DKIM-Signature: v=1; ',
    ],
  ],
};

/** As a rule with a sender who may post. */
function post(random: Random): Buffer {
  const head = random.once(4) ? '' : 'From: Anne <anne@example.com>\r\nTo: ant@example.com\r\n';
  return Buffer.concat([Buffer.from(head), makeInput(random, postMaterial)]);
}

let flowBench: Promise<FlowBench> | undefined;

async function openFlow(): Promise<FlowBench> {
  const bench = await openFlowBench();
  await bench.join(['Anne <anne@example.com>', 'bart@example.org', 'ä@bücher.example']);
  await bench.set({ personalize: 'individual' });
  return bench;
}

/** A post on its whole way: rules, handlers, decoration, copies, notices. */
export const flow: Target = {
  name: 'flow',
  make: (random) => post(random).subarray(0, 20_000),
  read: async (input) => {
    flowBench ??= openFlow();
    const bench = await flowBench;
    const mail = input.toString('latin1');
    const decided = await bench.post(mail);
    expectThat(decided.length <= MAX_ENTRIES, 'a post leaves few entries');
    const processed = await throughPipeline(bench, mail);
    for (const out of queued(processed, 'out')) {
      for (const { message } of (await copiesOf(bench, out)).values()) {
        expectThat(message.headers.getAll('List-Id').length === 1, 'a copy names its list once');
      }
    }
    for (const notice of queued([...decided, ...processed], 'virgin')) {
      await throughVirgin(bench, notice.message.toBuffer().toString('latin1'), notice.metadata);
    }
    await bench.database.connection('queue_entry').delete();
    for (const table of ['digest_message', 'pending']) {
      if (await bench.database.connection.schema.hasTable(table))
        await bench.database.connection(table).delete();
    }
  },
  close: async () => {
    await (await flowBench)?.close();
    flowBench = undefined;
  },
};

let commandBench: Promise<{ readonly bench: WorkflowBench; readonly database: Database }> | undefined;

async function openCommands(): Promise<{ readonly bench: WorkflowBench; readonly database: Database }> {
  const database = await openDatabase('sqlite:///:memory:');
  return { database, bench: await openBench(database) };
}

/** Mail to -request as a whole, with what it changes. */
export const commands: Target = {
  name: 'commands',
  make: (random) => {
    const head = random.once(3) ? '' : 'From: Anne <anne@example.org>\r\nSubject: ';
    const body = random.once(2) ? ofTokens(random, commandMaterial) : makeInput(random, commandMaterial);
    return Buffer.concat([Buffer.from(head), body]).subarray(0, 20_000);
  },
  read: async (input) => {
    commandBench ??= openCommands();
    const { bench } = await commandBench;
    await bench.run((step, list) =>
      commandStep(
        input,
        { listid: list.listId, envelope_sender: 'anne@example.org', subaddress: 'request', to_request: true },
        step,
      ),
    );
    const answers = bench.queued.splice(0);
    expectThat(answers.length <= MAX_ENTRIES, 'a mail leaves few others');
    for (const { bytes } of answers) expectThat(bytes.length < 200_000, 'an answer has a bearable length');
    bench.clock.advance(86_400);
  },
  close: async () => {
    await (await commandBench)?.database.close();
    commandBench = undefined;
  },
};

let emptyDigest: Promise<Digest> | undefined;

async function openDigest(): Promise<Digest> {
  const bench = await openFlowBench();
  let digest: Digest | undefined;
  const list = await bench.list();
  await bench.step(async (step) => {
    digest = await prepareDigest(step, list, { volume: 1, number: 2 }, []);
  });
  await bench.close();
  if (!digest) throw new Error('no digest');
  return digest;
}

/** Digests of hostile posts, in both forms. */
export const digests: Target = {
  name: 'digests',
  make: (random) => post(random).subarray(0, 50_000),
  read: async (input) => {
    emptyDigest ??= openDigest();
    const empty = await emptyDigest;
    const posts = [Message.parse(input), Message.parse(input.subarray(input.length >> 1))];
    const topics = tableOfContents(posts, empty.list, empty.say, empty.likely);
    const digest = { ...empty, posts, topics };
    const parts = Message.parse(mimeDigest(digest).toBuffer()).root.children;
    const enclosed = parts.find(({ contentType }) => contentType.subtype === 'digest');
    expectThat(enclosed?.children.length === posts.length, 'a digest has as many posts as went in');
    Message.parse(plainDigest(digest).toBuffer());
  },
};
