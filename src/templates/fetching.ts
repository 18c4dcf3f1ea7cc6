/**
 * Templates that are kept elsewhere (`http:`, `https:`) are fetched outside of transactions: whoever renders one inside
 * of a step finds it in the cache, or gets `TemplatesMissing`. Around the step stands `withTemplates`: the step is
 * rolled back, the text fetched, and the step done again. So a slow web server keeps nobody waiting but the message
 * that needs its text, and that for five seconds at most in every five minutes.
 */
import { createHash } from 'node:crypto';
import { type CachedTemplate, cachedTemplate, cacheTemplate } from '../database/template-cache.ts';
import { FerrymanError } from '../errors.ts';
import type { Services } from '../flow/step.ts';
import { epochFromUtc, type UtcTime, utcFromEpoch } from '../model/time.ts';
import { fetchText } from './http.ts';

/** Where a text is, and how to log in there. */
export interface TemplateUri {
  readonly uri: string;
  readonly username: string | null;
  readonly password: string | null;
}

/** A text must be fetched before this step can be done. */
export class TemplatesMissing extends FerrymanError {
  override name = 'TemplatesMissing';
  readonly wanted: TemplateUri;

  constructor(wanted: TemplateUri) {
    super(`${new URL(wanted.uri).origin}: a template has to be fetched first`);
    this.wanted = wanted;
  }
}

/** How long a text that could not be fetched is not tried again, in seconds. */
const FAILURE_LIFE = 300;

/** More texts than that are in no step: then something fetches in vain. */
const MOST_FETCHES = 20;

type FetchingServices = Pick<Services, 'config' | 'database' | 'clock' | 'log'>;

/** Does work in transactions of its own; where it lacks a template, fetches that and does the work again. */
export async function withTemplates<T>(services: FetchingServices, work: () => Promise<T>): Promise<T> {
  for (let fetches = 0; ; fetches += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TemplatesMissing) || fetches >= MOST_FETCHES) throw error;
      await fetchTemplate(services, error.wanted);
    }
  }
}

/** The text from the cache; null where it could not be fetched. @throws TemplatesMissing */
export async function fetchedText(
  {
    connection,
    clock,
  }: Pick<Services, 'clock'> & { readonly connection: Services['database']['connection'] },
  wanted: TemplateUri,
): Promise<string | null> {
  const cached = await cachedTemplate(connection, cacheKey(wanted));
  if (!cached || cached.expiresAt <= clock.now()) throw new TemplatesMissing(wanted);
  return cached.text;
}

const inFlight = new Map<string, Promise<void>>();

/** Brings a text into the cache. What cannot be fetched leaves the former text, and is tried again later. */
export async function fetchTemplate(services: FetchingServices, wanted: TemplateUri): Promise<void> {
  const key = cacheKey(wanted);
  const running = inFlight.get(key);
  if (running) return running;
  const fetching = fetchAndStore(services, wanted, key).finally(() => inFlight.delete(key));
  inFlight.set(key, fetching);
  return fetching;
}

async function fetchAndStore(services: FetchingServices, wanted: TemplateUri, key: string): Promise<void> {
  const { config, database, clock, log } = services;
  let fetched: CachedTemplate;
  try {
    const text = await fetchText(wanted);
    fetched = { text, expiresAt: later(clock.now(), config.mailman.cache_life) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { origin, pathname } = new URL(wanted.uri);
    log('error', `Template ${origin}${pathname} could not be fetched: ${reason}`);
    const former = await cachedTemplate(database.connection, key);
    fetched = { text: former?.text ?? null, expiresAt: later(clock.now(), FAILURE_LIFE) };
  }
  await cacheTemplate(database.connection, key, fetched);
}

function cacheKey({ uri, username, password }: TemplateUri): string {
  return createHash('sha256')
    .update(JSON.stringify([uri, username, password]))
    .digest('hex');
}

function later(time: UtcTime, seconds: number): UtcTime {
  return utcFromEpoch(epochFromUtc(time) + seconds) ?? time;
}
