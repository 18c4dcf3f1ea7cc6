import type { Config } from '../config/index.ts';

/** A request and its answer, for the log. */
export interface Access {
  readonly address: string;
  readonly method: string;
  /** Without its query, which may hold a password. */
  readonly path: string;
  readonly status: number;
  /** Octets of the answer. */
  readonly size: number;
  readonly referrer: string | undefined;
  readonly agent: string | undefined;
}

const DEFAULT_FORMAT = '%(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A line for the log `http`, in the notation of `[logging.http] format` (gunicorn's for access logs). */
export function accessLine({ loggers }: Config, access: Access): string {
  const format = loggers.get('http')?.format ?? DEFAULT_FORMAT;
  const values: Readonly<Record<string, string>> = {
    h: access.address,
    t: timestamp(new Date()),
    r: `${access.method} ${quotable(access.path)} HTTP/1.1`,
    m: access.method,
    U: quotable(access.path),
    s: String(access.status),
    b: String(access.size),
    B: String(access.size),
    f: quotable(access.referrer ?? '-'),
    a: quotable(access.agent ?? '-'),
  };
  return format.replace(/%\((\w)\)s/g, (whole, name: string) => values[name] ?? whole);
}

function timestamp(date: Date): string {
  const iso = date.toISOString();
  return `[${iso.slice(8, 10)}/${MONTHS[date.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000]`;
}

/** What a client sends must not end the quotes that it stands in. */
function quotable(text: string): string {
  return text.slice(0, 500).replaceAll('"', '%22');
}
