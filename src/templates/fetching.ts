/**
 * Templates that are kept elsewhere (`http:`, `https:`) are cached in the database for `[mailman] cache_life`. What the
 * cache lacks is fetched by way of `outside`: a step of the queues is rolled back, the text fetched while nobody holds a
 * transaction, and the step done again. So a slow web server keeps nobody waiting but the message that needs its text,
 * and that for five seconds at most in every five minutes.
 */
import { createHash } from 'node:crypto';
import { cachedTemplate, cacheTemplate, deleteExpiredTemplates } from '../database/template-cache.ts';
import { epochFromUtc, type UtcTime, utcFromEpoch } from '../model/time.ts';
import { outside } from '../queue/outside.ts';
import type { Step } from '../queue/step.ts';
import { fetchText } from './http.ts';

/** Where a text is, and how to log in there. */
export interface TemplateUri {
  readonly uri: string;
  readonly username: string | null;
  readonly password: string | null;
}

type FetchingStep = Pick<Step, 'config' | 'connection' | 'clock' | 'log'>;

/** How long a text that could not be fetched is not tried again, in seconds. */
const FAILURE_LIFE = 300;

type Fetched = { readonly text: string } | { readonly failure: string };

/**
 * The text from the cache, or fetched; null where it cannot be had. A text that was there once is used on when its
 * server fails.
 */
export async function fetchedText(step: FetchingStep, wanted: TemplateUri): Promise<string | null> {
  const { config, connection, clock, log } = step;
  const key = cacheKey(wanted);
  const cached = await cachedTemplate(connection, key);
  if (cached && cached.expiresAt > clock.now()) return cached.text;
  const fetched = await outside(step, `template ${key}`, () => fetchOnce(wanted, key));
  if ('failure' in fetched) log('error', `Template ${shownUri(wanted)}: ${fetched.failure}`);
  const text = 'text' in fetched ? fetched.text : (cached?.text ?? null);
  const life = 'text' in fetched ? config.mailman.cache_life : FAILURE_LIFE;
  await cacheTemplate(connection, key, { text, expiresAt: later(clock.now(), life) });
  return text;
}

/** Forgets texts that nobody has asked for since they expired. @returns how many */
export async function forgetOldTemplates({
  config,
  connection,
  clock,
}: Pick<Step, 'config' | 'connection' | 'clock'>): Promise<number> {
  return deleteExpiredTemplates(connection, later(clock.now(), -config.mailman.cache_life));
}

const inFlight = new Map<string, Promise<Fetched>>();

/** Fetches a text, together with everybody else who asks for it now. */
function fetchOnce(wanted: TemplateUri, key: string): Promise<Fetched> {
  const running = inFlight.get(key);
  if (running) return running;
  const fetching = fetchText(wanted)
    .then(
      (text) => ({ text }),
      (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => inFlight.delete(key));
  inFlight.set(key, fetching);
  return fetching;
}

/** Without what might be secret. */
function shownUri({ uri }: TemplateUri): string {
  const { origin, pathname } = new URL(uri);
  return origin + pathname;
}

function cacheKey({ uri, username, password }: TemplateUri): string {
  return createHash('sha256')
    .update(JSON.stringify([uri, username, password]))
    .digest('hex');
}

function later(time: UtcTime, seconds: number): UtcTime {
  return utcFromEpoch(epochFromUtc(time) + seconds) ?? time;
}
