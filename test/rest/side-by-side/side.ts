import { setTimeout as sleep } from 'node:timers/promises';
import { type PlannedRequest, title } from './requests.ts';

/** An answer without what differs by nature: times, identifiers, tags, the port. */
export interface ComparableAnswer {
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the JSON, its keys in the order in which they came. */
  readonly body: string;
}

/** What was answered, and by whom. */
export interface RestRun {
  readonly version: string;
  readonly date: string;
  readonly answers: readonly ComparableAnswer[];
}

/** Headers that clients look at. */
const HEADERS = ['allow', 'content-type', 'location', 'www-authenticate'];

const AUTHORIZATION = `Basic ${Buffer.from('restadmin:restpass').toString('base64')}`;

/** Sends the requests one after the other. @param origin such as `http://127.0.0.1:8001` */
export async function ask(origin: string, requests: readonly PlannedRequest[]): Promise<ComparableAnswer[]> {
  const kept = new Map<string, string>();
  const answers: ComparableAnswer[] = [];
  for (const request of requests) {
    let { response, text } = await send(origin, request, kept);
    for (let attempt = 0; request.until !== undefined && attempt < 200; attempt += 1) {
      if (text.includes(`"count": ${request.until},`)) break;
      await sleep(50);
      ({ response, text } = await send(origin, request, kept));
    }
    if (request.keep !== undefined) kept.set(request.keep, identifier(response, text));
    answers.push(comparable(origin, request, response, text));
  }
  return answers;
}

async function send(
  origin: string,
  { method, path, body }: PlannedRequest,
  kept: ReadonlyMap<string, string>,
) {
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => kept.get(name) ?? `no-${name}`);
  const isJson = body !== undefined && /^[{[]/.test(body);
  const response = await fetch(`${origin}${fill(path)}`, {
    method,
    headers: {
      authorization: AUTHORIZATION,
      ...(body === undefined
        ? {}
        : { 'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded' }),
    },
    ...(body === undefined ? {} : { body: isJson ? body : fill(body) }),
  });
  return { response, text: await response.text() };
}

function identifier(response: Response, text: string): string {
  const token = /"token": ?"(\w+)"/.exec(text)?.[1];
  return token ?? response.headers.get('location')?.split('/').at(-1) ?? 'nothing';
}

function comparable(
  origin: string,
  request: PlannedRequest,
  response: Response,
  text: string,
): ComparableAnswer {
  const headers = HEADERS.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, withoutChance(value, origin)]];
  });
  return {
    request: title(request),
    status: response.status,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: withoutChance(JSON.stringify(parsed(text)), origin),
  };
}

function parsed(text: string): unknown {
  try {
    // Numbers of 3.0 have more digits than JavaScript keeps.
    return JSON.parse(text.replaceAll(/: (\d{17,})/g, ': "$1"'));
  } catch {
    return text;
  }
}

function withoutChance(text: string, origin: string): string {
  return text
    .replaceAll(origin, 'http://HOST')
    .replaceAll(/\/tmp\/ferryman[\w-]+/g, 'FOLDER')
    .replaceAll(/queues\/in\/[\d.]+\+[0-9a-f]{40}/g, 'queues/in/ID')
    .replaceAll(/,?"http_etag":"\\"\w+\\""/g, '')
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{40}\b/g, 'TOKEN')
    .replaceAll(/\b[0-9a-f]{32}\b/g, 'ID')
    .replaceAll(/\b\d{25,}\b/g, 'NUMBER')
    .replaceAll(/"\$(6|argon2id)\$[^"]*"/g, '"HASH"');
}
