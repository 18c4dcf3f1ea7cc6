/** How one of Mailman 2.1's list templates is called here, and its placeholders. */
export interface TemplateName {
  readonly name: string;
  /** The names here, by those of Mailman 2.1; '' where nothing corresponds. */
  readonly placeholders: Readonly<Record<string, string>>;
  /** Whether it goes to a member, whose page of options it can name. */
  readonly isForMember: boolean;
}

const COMMON = {
  real_name: 'display_name',
  listname: 'display_name',
  host_name: 'domain',
  hostname: 'domain',
  listaddr: 'listname',
  owneraddr: 'owner_email',
  owneremail: 'owner_email',
  adminaddr: 'owner_email',
  listowner: 'owner_email',
  requestaddr: 'request_email',
  password: '',
};

/** The notices that have a counterpart, by file name. */
export const noticeTemplates: ReadonlyMap<string, TemplateName> = new Map(
  Object.entries({
    'disabled.txt': memberNotice('list:user:notice:warning', {}),
    'invite.txt': confirmation('list:user:action:invite'),
    'masthead.txt': notice('list:member:digest:masthead', {
      got_list_email: 'got_list_email',
      got_request_email: 'got_request_email',
      got_owner_email: 'got_owner_email',
    }),
    'nomoretoday.txt': notice('list:user:notice:no-more-today', {
      sender: 'sender_email',
      num: 'count',
    }),
    'postack.txt': memberNotice('list:user:notice:post', { subject: 'subject' }),
    'postheld.txt': notice('list:user:notice:hold', {
      subject: 'subject',
      sender: 'sender_email',
      reason: 'reasons',
    }),
    'refuse.txt': notice('list:user:notice:refuse', { request: 'request', reason: 'reason' }),
    'subscribeack.txt': memberNotice('list:user:notice:welcome', {
      emailaddr: 'user_email',
      user: 'user_email',
      umbrella: '',
    }),
    'unsub.txt': confirmation('list:user:action:unsubscribe'),
    'verify.txt': confirmation('list:user:action:subscribe'),
  }),
);

function notice(name: string, own: Readonly<Record<string, string>>): TemplateName {
  return { name, placeholders: { ...COMMON, ...own }, isForMember: false };
}

function memberNotice(name: string, own: Readonly<Record<string, string>>): TemplateName {
  return { ...notice(name, own), isForMember: true };
}

function confirmation(name: string): TemplateName {
  return notice(name, {
    email: 'user_email',
    cookie: 'token',
    confirmurl: 'confirm_email',
    listadmin: 'owner_email',
  });
}
