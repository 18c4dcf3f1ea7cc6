import type { Page } from '../page.ts';
import { account } from './account.ts';
import { favicon } from './favicon.ts';
import { robots } from './robots.ts';
import { root } from './root.ts';
import { signIn } from './sign-in.ts';
import { signInLink } from './sign-in-link.ts';
import { signInLinkRequest } from './sign-in-link-request.ts';
import { signOut } from './sign-out.ts';
import { staticFiles } from './static-files.ts';

/** Every page there is. */
export const pages: readonly Page[] = [
  account,
  favicon,
  robots,
  root,
  signIn,
  signInLink,
  signInLinkRequest,
  signOut,
  staticFiles,
];
