import { attributeRequests } from './attribute-requests.ts';
import { listRequests } from './list-requests.ts';
import { moderationRequests } from './moderation-requests.ts';
import { peopleRequests } from './people-requests.ts';

/** One line of a plan, to both servers alike. */
export interface PlannedRequest {
  readonly method: string;
  /** From the version on; `{NAME}` stands for what an earlier answer gave. */
  readonly path: string;
  /** A form, or JSON where it begins with a bracket; undefined: no body. */
  readonly body: string | undefined;
  /** What this answer is to be remembered by: the last part of its Location, its token or its identifier. */
  readonly keep: string | undefined;
  /** The answer is asked for until this many things are there. */
  readonly until: number | undefined;
}

const LINE =
  /^(?<method>[A-Z]+) (?<path>\S+)(?: (?!=> |until )(?<body>.*?))?(?: => (?<keep>\w+))?(?: until (?<until>\d+))?$/;

/** All that both servers are asked, in this order: each request finds what those before it have left. */
export function plannedRequests(): PlannedRequest[] {
  return [listRequests, attributeRequests(), peopleRequests, moderationRequests].flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(readLine),
  );
}

/** A request as it stands in the plan. */
export function title({ method, path, body }: PlannedRequest): string {
  return body === undefined ? `${method} ${path}` : `${method} ${path} ${body}`;
}

function readLine(line: string): PlannedRequest {
  const { method, path, body, keep, until } = LINE.exec(line.trim())?.groups ?? {};
  if (method === undefined || path === undefined) throw new Error(`no request: ${line}`);
  const versioned =
    /^\/(3\.|\?|$)/.test(path) || path.startsWith('!') ? path.replace('!', '') : `/3.1${path}`;
  return { method, path: versioned, body, keep, until: until === undefined ? undefined : Number(until) };
}
