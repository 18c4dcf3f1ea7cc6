import { oldPages } from '../../../compat/urls/index.ts';
import type { Page } from '../page.ts';
import { account } from './account/account.ts';
import { password } from './account/password.ts';
import { attachment } from './attachment.ts';
import { author } from './author.ts';
import { cutoverList } from './cutover/list.ts';
import { cutoverOverview } from './cutover/overview.ts';
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
import { allLists } from './lists/all-lists.ts';
import { confirm } from './lists/confirm.ts';
import { confirmTokenPage } from './lists/confirm-token.ts';
import { leave } from './lists/leave.ts';
import { listInfo } from './lists/list-info.ts';
import { members } from './lists/members.ts';
import { options } from './lists/options.ts';
import { optionsAddress } from './lists/options-address.ts';
import { optionsLeave } from './lists/options-leave.ts';
import { settings } from './lists/settings.ts';
import { subscribe } from './lists/subscribe.ts';
import { lists } from './lists.ts';
import { message } from './message.ts';
import { messageHeaders } from './message-headers.ts';
import { messageHtml } from './message-html.ts';
import { messageRaw } from './message-raw.ts';
import { moderation } from './moderation/overview.ts';
import { moderationPassword } from './moderation/password.ts';
import { heldPost } from './moderation/post.ts';
import { heldPostRaw } from './moderation/post-raw.ts';
import { moderationRequests } from './moderation/requests.ts';
import { month } from './month.ts';
import { months } from './months.ts';
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
  confirm,
  confirmTokenPage,
  leave,
  listInfo,
  allLists,
  members,
  options,
  optionsAddress,
  optionsLeave,
  settings,
  subscribe,
  moderation,
  moderationPassword,
  heldPost,
  heldPostRaw,
  moderationRequests,
  cutoverOverview,
  cutoverList,
  password,
  ...oldPages,
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
