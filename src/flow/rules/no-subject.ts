import type { Rule } from '../post.ts';

export const noSubject: Rule = {
  name: 'no-subject',
  description: 'The message has no subject, or a blank one.',
  record: true,
  check: async ({ message }) => (message.headers.get('Subject') ? null : ['Message has no subject']),
};
