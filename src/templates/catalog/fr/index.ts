import type { Catalog } from '../catalog.ts';
import domainAdminNoticeNewList from './domain-admin-notice-new-list.ts';
import help from './help.ts';
import listAdminActionPost from './list-admin-action-post.ts';
import listAdminActionSubscribe from './list-admin-action-subscribe.ts';
import listAdminActionUnsubscribe from './list-admin-action-unsubscribe.ts';
import listAdminNoticeDisable from './list-admin-notice-disable.ts';
import listAdminNoticeIncrement from './list-admin-notice-increment.ts';
import listAdminNoticePending from './list-admin-notice-pending.ts';
import listAdminNoticeRemoval from './list-admin-notice-removal.ts';
import listAdminNoticeSubscribe from './list-admin-notice-subscribe.ts';
import listAdminNoticeUnrecognized from './list-admin-notice-unrecognized.ts';
import listAdminNoticeUnsubscribe from './list-admin-notice-unsubscribe.ts';
import listMemberDigestHeader from './list-member-digest-header.ts';
import listMemberDigestMasthead from './list-member-digest-masthead.ts';
import listMemberGenericFooter from './list-member-generic-footer.ts';
import listMemberRegularHeader from './list-member-regular-header.ts';
import listUserActionInvite from './list-user-action-invite.ts';
import listUserActionSubscribe from './list-user-action-subscribe.ts';
import listUserActionUnsubscribe from './list-user-action-unsubscribe.ts';
import listUserNoticeGoodbye from './list-user-notice-goodbye.ts';
import listUserNoticeHold from './list-user-notice-hold.ts';
import listUserNoticeNoMoreToday from './list-user-notice-no-more-today.ts';
import listUserNoticePost from './list-user-notice-post.ts';
import listUserNoticeProbe from './list-user-notice-probe.ts';
import listUserNoticeRefuse from './list-user-notice-refuse.ts';
import listUserNoticeRejected from './list-user-notice-rejected.ts';
import listUserNoticeWarning from './list-user-notice-warning.ts';
import listUserNoticeWelcome from './list-user-notice-welcome.ts';

export const fr: Catalog = {
  'domain:admin:notice:new-list': domainAdminNoticeNewList,
  help,
  'list:admin:action:post': listAdminActionPost,
  'list:admin:action:subscribe': listAdminActionSubscribe,
  'list:admin:action:unsubscribe': listAdminActionUnsubscribe,
  'list:admin:notice:disable': listAdminNoticeDisable,
  'list:admin:notice:increment': listAdminNoticeIncrement,
  'list:admin:notice:pending': listAdminNoticePending,
  'list:admin:notice:removal': listAdminNoticeRemoval,
  'list:admin:notice:subscribe': listAdminNoticeSubscribe,
  'list:admin:notice:unrecognized': listAdminNoticeUnrecognized,
  'list:admin:notice:unsubscribe': listAdminNoticeUnsubscribe,
  'list:member:digest:header': listMemberDigestHeader,
  'list:member:digest:masthead': listMemberDigestMasthead,
  'list:member:generic:footer': listMemberGenericFooter,
  'list:member:regular:header': listMemberRegularHeader,
  'list:user:action:invite': listUserActionInvite,
  'list:user:action:subscribe': listUserActionSubscribe,
  'list:user:action:unsubscribe': listUserActionUnsubscribe,
  'list:user:notice:goodbye': listUserNoticeGoodbye,
  'list:user:notice:hold': listUserNoticeHold,
  'list:user:notice:no-more-today': listUserNoticeNoMoreToday,
  'list:user:notice:post': listUserNoticePost,
  'list:user:notice:probe': listUserNoticeProbe,
  'list:user:notice:refuse': listUserNoticeRefuse,
  'list:user:notice:rejected': listUserNoticeRejected,
  'list:user:notice:warning': listUserNoticeWarning,
  'list:user:notice:welcome': listUserNoticeWelcome,
};
