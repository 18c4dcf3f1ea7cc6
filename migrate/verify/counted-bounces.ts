import { scoreBounce } from '../../src/bounces/score.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { Bounce } from '../../src/model/member.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { type UtcTime, utcFromDay } from '../../src/model/time.ts';
import { numberOf, type PickleValue, PyDict, PyInstance, PyTuple } from '../pickle/values.ts';
import type { RegisteredBounce } from '../queues/bounce-files.ts';

/** What the records of members say of bounces. */
interface Records {
  readonly source: PyDict;
  readonly here: PyDict;
}

/** Mailman 2.1's delivery status of whose mail bounced too often. */
const BY_BOUNCES = 4;

const NONE: Bounce = { score: 0, lastReceived: null, lastWarningSent: null, totalWarningsSent: 0 };

/**
 * Bounces that Mailman 2.1 had recognised and not counted yet come over and are counted here. What a member's record says
 * more than there because of exactly these is no difference.
 * @param bounces those of the list that came over, in their order
 * @returns for each such member the paths of `config.pck` that say something else, and a text for people
 */
export function countedBounces(
  { source, here }: Records,
  bounces: readonly RegisteredBounce[],
  settings: Pick<ListSettings, 'bounce_info_stale_after' | 'bounce_score_threshold'>,
): readonly { readonly paths: readonly string[]; readonly text: string }[] {
  const found: { paths: string[]; text: string }[] = [];
  for (const [key, ofMember] of Map.groupBy(bounces, ({ address }) => addressKey(address))) {
    const expected = ofMember.reduce((bounce, { day }) => scoreBounce(bounce, settings, day).bounce, {
      ...NONE,
      ...recorded(source, key),
    });
    const now = recorded(here, key);
    if (
      now?.score !== expected.score ||
      now.lastReceived?.slice(0, 10) !== expected.lastReceived?.slice(0, 10)
    )
      continue;
    const isDisabled =
      expected.score >= settings.bounce_score_threshold && statusOf(here, key) === BY_BOUNCES;
    const count = ofMember.length === 1 ? 'a bounce' : `${ofMember.length} bounces`;
    found.push({
      paths: [`bounce_info[${key}]`, ...(isDisabled ? [`delivery_status[${key}]`] : [])],
      text: `${count} of ${key}, not counted there, came over and counted here${isDisabled ? ': no more mail goes there' : ''}`,
    });
  }
  return found;
}

function recorded(config: PyDict, key: string): Pick<Bounce, 'score' | 'lastReceived'> | undefined {
  const record = entryOf(config, 'bounce_info', key);
  if (!(record instanceof PyInstance)) return undefined;
  return { score: numberOf(record.get('score')) ?? 0, lastReceived: dayOf(record.get('date')) };
}

function dayOf(date: PickleValue | undefined): UtcTime | null {
  const [year = 0, month = 0, day = 0] = date instanceof PyTuple ? date.items.map(numberOf) : [];
  return utcFromDay(year, month, day) ?? null;
}

function statusOf(config: PyDict, key: string): number | undefined {
  const status = entryOf(config, 'delivery_status', key);
  return status instanceof PyTuple ? numberOf(status.items[0]) : undefined;
}

function entryOf(config: PyDict, name: string, key: string): PickleValue | undefined {
  const all = config.get(name);
  return all instanceof PyDict ? all.get(key) : undefined;
}
