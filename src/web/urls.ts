import { reachableHost } from '../config/host-in-url.ts';
import type { Config } from '../config/index.ts';
import { type ListName, postingAddress } from '../model/mailing-list.ts';

/** The addresses of our pages. Paths begin with the path of `[web] base_url`, so that a proxy may put us anywhere. */
export class Urls {
  /** `https://lists.example.com`, without a slash at the end. */
  readonly origin: string;
  /** `` or `/lists`: what stands before each path. */
  readonly prefix: string;
  readonly isSecure: boolean;

  constructor({ web: { base_url, host, port } }: Pick<Config, 'web'>) {
    const base = URL.parse(base_url) ?? new URL(`http://${reachableHost(host)}:${port}`);
    this.origin = base.origin;
    this.prefix = base.pathname.replace(/\/+$/, '');
    this.isSecure = base.protocol === 'https:';
  }

  /** A path for links: `/archives/`. @param path begins with a slash */
  path(path: string): string {
    return `${this.prefix}${path}`;
  }

  /** The same with scheme and host, for feeds and mails. */
  absolute(path: string): string {
    return `${this.origin}${this.prefix}${path}`;
  }

  /** Where a list is: `/archives/list/ant@example.com/`. @param rest behind the list's own path */
  list(list: ListName, rest = ''): string {
    return this.path(`/archives/list/${pathPart(postingAddress(list))}/${rest}`);
  }

  /** A path on this site that somebody may be led back to; undefined where it leads anywhere else. */
  local(path: string | null): string | undefined {
    if (path === null || !path.startsWith(`${this.prefix}/`)) return undefined;
    const url = URL.parse(path, this.origin);
    if (!url || url.origin !== this.origin || /[\p{Cc}\\]/u.test(path)) return undefined;
    // Browsers take `//host` for another site; `/x/..//host` becomes that only when it is resolved.
    if (path.startsWith('//') || url.pathname.startsWith('//')) return undefined;
    return url.pathname + url.search;
  }
}

/** A text as one part of a path; `@` stays readable. */
export function pathPart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%40', '@').replaceAll('%2B', '+');
}
