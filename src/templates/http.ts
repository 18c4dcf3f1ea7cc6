import { FerrymanError } from '../errors.ts';
import { decode } from '../message/charset.ts';
import { LARGEST_TEMPLATE } from './files.ts';

/** For the whole conversation, in milliseconds, as in Mailman. */
const TIME_OUT = 5000;
const MOST_REDIRECTS = 5;

class FetchError extends FerrymanError {
  override name = 'FetchError';
}

interface Login {
  readonly username: string | null;
  readonly password: string | null;
}

/**
 * Fetches a text by HTTP. A 404 is an empty text, as in Mailman.
 * @throws Error where there is no usable answer: other statuses, time-out, too long
 */
export async function fetchText({ uri, ...login }: Login & { readonly uri: string }): Promise<string> {
  const signal = AbortSignal.timeout(TIME_OUT);
  try {
    return await follow(new URL(uri), login, signal);
  } catch (error) {
    if (signal.aborted) throw new FetchError(`no answer within ${TIME_OUT / 1000} seconds`);
    if (error instanceof TypeError && error.cause instanceof Error) throw error.cause;
    throw error;
  }
}

async function follow(start: URL, { username, password }: Login, signal: AbortSignal): Promise<string> {
  let url = start;
  const user = username ?? decodeURIComponent(start.username);
  const secret = password ?? decodeURIComponent(start.password);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const headers: Record<string, string> = { Accept: 'text/plain, */*;q=0.1' };
    // Another server must not learn the password.
    if ((user !== '' || secret !== '') && url.origin === start.origin) {
      headers.Authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
    }
    const response = await fetch(withoutLogin(url), { headers, signal, redirect: 'manual' });
    const location = response.headers.get('Location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      url = new URL(location, url);
      if (url.protocol !== 'http:' && url.protocol !== 'https:')
        throw new FetchError(`redirected to ${url.protocol}`);
    } else return textOf(response);
  }
  throw new FetchError(`redirected more than ${MOST_REDIRECTS} times`);
}

function withoutLogin(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

async function textOf(response: Response): Promise<string> {
  if (response.status !== 200) {
    await response.body?.cancel();
    if (response.status === 404) return '';
    throw new FetchError(`the server answered with status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LARGEST_TEMPLATE) throw new FetchError(`longer than ${LARGEST_TEMPLATE} bytes`);
    chunks.push(chunk);
  }
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(response.headers.get('Content-Type') ?? '')?.[1];
  return decode(Buffer.concat(chunks), charset ?? 'utf-8')
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n');
}
