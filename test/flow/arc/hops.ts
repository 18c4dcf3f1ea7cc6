import type { Config } from '../../../src/config/index.ts';
import { findList, insertList } from '../../../src/database/lists.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { parseMailbox } from '../../../src/model/email-address.ts';
import { sampleList } from '../../database/samples.ts';
import { type FlowBench, openFlowBench } from '../../support/flow.ts';
import { copiesOf, outgoing, throughPipeline } from '../../support/pipeline.ts';
import type { Zone } from './site.ts';

/** A server with lists of which each puts its own footer under what it sends. */
export interface ArcServer {
  readonly bench: FlowBench;
  /** What a member of a list gets of a mail. */
  through(list: string, mail: Buffer): Promise<Buffer>;
}

export async function openArcServer(
  config: Config,
  resolver: Zone,
  lists: readonly string[] = ['ant', 'bee'],
): Promise<ArcServer> {
  const bench = await openFlowBench({ config, resolver });
  await bench.database.transaction(async (connection) => {
    for (const name of lists) {
      const listed = sampleList(name);
      if (name !== 'ant') await insertList(connection, listed);
      const list = await findList(connection, listed.listId);
      const member = parseMailbox(`${name}-reader@example.net`);
      if (list && member) await subscribe(connection, list, [member], { role: 'member', verified: true });
    }
  });
  return {
    bench,
    through: async (list, mail) => {
      const out = outgoing(
        await throughPipeline(bench, mail.toString('latin1'), { listid: `${list}.example.com` }),
      );
      const [copy] = (await copiesOf(bench, out)).values();
      if (!copy) throw new Error('nobody gets it');
      return copy.message.toBuffer();
    },
  };
}
