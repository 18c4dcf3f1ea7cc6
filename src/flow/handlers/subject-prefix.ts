import { likelyCharsets, listCharset } from '../list-charset.ts';
import type { Handler } from '../post.ts';
import { postNumber } from '../post-number.ts';
import { holdsNumber, numberedPrefix, prefixedSubject, stripSubject } from '../subject.ts';
import { encodeSubject, subjectText } from '../subject-charset.ts';

export const subjectPrefix: Handler = {
  name: 'subject-prefix',
  description: "Puts the list's prefix in front of the subject.",
  process: async (post, step) => {
    const { list, message, metadata } = post;
    const { headers } = message;
    const charset = listCharset(step.config, list);
    const raw = headers.get('Subject') ?? '';
    const subject = subjectText(raw, likelyCharsets(step.config, list));
    const prefix = list.settings.subject_prefix;
    metadata.original_subject = subject;
    if (metadata.isdigest || metadata.virgin || prefix.trim() === '') return;
    const stripped = stripSubject(subject, prefix);
    metadata.stripped_subject = stripped.text;
    const numbered = holdsNumber(prefix) ? numberedPrefix(prefix, await postNumber(post, step)) : prefix;
    const prefixed = prefixedSubject(stripped, numbered);
    if (prefixed === subject) return;
    headers.delete('Subject');
    headers.append('Subject', encodeSubject(prefixed, raw, charset));
  },
};
