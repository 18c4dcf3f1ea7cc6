import type { Page } from '../page.ts';
import { account } from './account.ts';
import { attachment } from './attachment.ts';
import { author } from './author.ts';
import { day } from './day.ts';
import { debianHyperkitty } from './debian-hyperkitty.ts';
import { exportMbox } from './export-mbox.ts';
import { favicon } from './favicon.ts';
import { hyperkitty } from './hyperkitty.ts';
import { latest } from './latest.ts';
import { listFeed } from './list-feed.ts';
import { listOverview } from './list-overview.ts';
import { listSearch } from './list-search.ts';
import { listSearchFeed } from './list-search-feed.ts';
import { lists } from './lists.ts';
import { message } from './message.ts';
import { messageHeaders } from './message-headers.ts';
import { messageHtml } from './message-html.ts';
import { messageRaw } from './message-raw.ts';
import { month } from './month.ts';
import { months } from './months.ts';
import { oldListInfo } from './old-list-info.ts';
import { oldListOverview } from './old-list-overview.ts';
import { oldPrivateArchive } from './old-private-archive.ts';
import { oldPublicArchive } from './old-public-archive.ts';
import { robots } from './robots.ts';
import { root } from './root.ts';
import { search } from './search.ts';
import { searchFeed } from './search-feed.ts';
import { signIn } from './sign-in.ts';
import { signInLink } from './sign-in-link.ts';
import { signInLinkRequest } from './sign-in-link-request.ts';
import { signOut } from './sign-out.ts';
import { staticFiles } from './static-files.ts';
import { thread } from './thread.ts';
import { threadFeed } from './thread-feed.ts';

/** Every page there is. */
export const pages: readonly Page[] = [
  account,
  attachment,
  author,
  day,
  debianHyperkitty,
  exportMbox,
  favicon,
  hyperkitty,
  latest,
  listFeed,
  listOverview,
  listSearch,
  listSearchFeed,
  lists,
  message,
  messageHeaders,
  messageHtml,
  messageRaw,
  month,
  months,
  oldListInfo,
  oldListOverview,
  oldPrivateArchive,
  oldPublicArchive,
  robots,
  root,
  search,
  searchFeed,
  signIn,
  signInLink,
  signInLinkRequest,
  signOut,
  staticFiles,
  thread,
  threadFeed,
];
