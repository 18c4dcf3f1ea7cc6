import type { IncomingHttpHeaders } from 'node:http';
import type { ArchiveReader } from '../archiving/store/archive.ts';
import type { AttemptLimit } from '../http/attempt-limit.ts';
import type { Services } from '../queue/step.ts';
import type { Html } from './html.ts';
import type { Outgoing } from './outgoing.ts';
import type { Speaker } from './texts/index.ts';
import type { Urls } from './urls.ts';
import type { Viewer } from './viewer.ts';

/** What all pages share as long as the server runs. */
export interface WebContext {
  readonly services: Services;
  /** The archive; pages that do not need it work without it. @throws DatabaseError */
  readonly openArchive: () => Promise<ArchiveReader>;
  readonly urls: Urls;
  readonly limits: SignInLimits;
  readonly outgoing: Outgoing;
}

/** How often people may try to sign in. */
export interface SignInLimits {
  /** Wrong passwords, by network. */
  readonly network: AttemptLimit;
  /** Wrong passwords, by address. */
  readonly account: AttemptLimit;
  /** Mails asked for, by network and by address. */
  readonly mailsToNetwork: AttemptLimit;
  readonly mailsToAccount: AttemptLimit;
}

/** One request, as a page sees it. */
export interface Visit extends WebContext {
  /** Without the prefix of `[web] base_url`, with a slash in front. */
  readonly path: string;
  /** The parts of the path that the page's pattern names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** What a form sent, after its token was checked; empty for GET. */
  readonly form: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The client's network, for counting attempts. */
  readonly network: string;
  /** Undefined where nobody is signed in. */
  readonly viewer: Viewer | undefined;
  readonly sessionToken: string | undefined;
  /** In the language of the viewer, else of the server; pages of a list turn to that of the list. */
  readonly say: Speaker;
  /** The hidden field of a form that is sent to a path of ours. @param path without the prefix */
  readonly formField: (path: string) => Html;
}
