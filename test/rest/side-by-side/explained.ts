import type { ComparableAnswer } from './side.ts';

/** Why answers differ on purpose: what of both is left once the difference is taken out must be the same. */
export interface Explanation {
  /** Which requests it is about. */
  readonly requests: RegExp;
  /** Words of its row in docs/differences.md. */
  readonly documented: string;
  readonly theirs?: Change;
  readonly ours?: Change;
}

type Change = (answer: ComparableAnswer) => ComparableAnswer;

/** Cuts a pattern out of the body. */
function without(pattern: RegExp): Change {
  return (answer) => ({ ...answer, body: answer.body.replaceAll(pattern, '') });
}

const failed: ComparableAnswer = { request: '', status: 500, headers: {}, body: '' };

/** A refusal for which the client is to blame, and the failure of the server in its place. */
function failure(theirs: number): Change {
  return (answer) =>
    answer.status === theirs || answer.status === 400 || answer.status === 404
      ? { ...failed, request: answer.request }
      : answer;
}

function sortedKeys(answer: ComparableAnswer): ComparableAnswer {
  const entries = Object.entries(JSON.parse(answer.body) as Record<string, unknown>).sort();
  return { ...answer, body: JSON.stringify(Object.fromEntries(entries)) };
}

/** What is told about one by one, the rest of the list being the same. */
function entriesCounted(answer: ComparableAnswer): ComparableAnswer {
  const { start } = JSON.parse(answer.body) as { start: number };
  return { ...answer, body: JSON.stringify({ start }) };
}

const python = without(/"python_version":"[^"]*",/g);
const heldMetadata = without(
  /"(version|original_size|envsender|_parsemsg|lang|rule_hits|rule_misses|member_moderation_action|moderation_sender|moderation_reasons)":("[^"]*"|\[[^\]]*\]|\w+),?/g,
);
const heldHeaders = without(/(Date|Message-ID-Hash|X-Message-ID-Hash|X-Mailman-Rule-\w+): .*?\\n(?! )/g);

function held(answer: ComparableAnswer): ComparableAnswer {
  return heldHeaders(heldMetadata(answer));
}

export const explanations: readonly Explanation[] = [
  {
    requests: /(count=2|page=2|count=1|\[1\]|not an address"\}|owner=bad|nope\.com description=x)$/,
    documented: '`count` without `page`, a wrong value in JSON',
    theirs: failure(500),
    ours: failure(400),
  },
  {
    requests: /\/system(\/versions)?$/,
    documented: 'and that of Node.js',
    theirs: python,
    ours: python,
  },
  {
    requests: /cat\.example\.com\/config$/,
    documented: 'the style `private-default` leaves the settings of Reply-To without a value',
    theirs: (answer) => ({
      ...answer,
      body: answer.body
        .replace('"first_strip_reply_to":null', '"first_strip_reply_to":false')
        .replace('"reply_goes_to_list":null', '"reply_goes_to_list":"no_munging"')
        .replace('"reply_to_address":null', '"reply_to_address":""'),
    }),
  },
  {
    requests: /^DELETE .*\/roster\/member emails=nobody/,
    documented: 'addresses to be removed are answered in an order of its own',
    theirs: sortedKeys,
    ours: sortedKeys,
  },
  {
    requests: /^GET \/3\.1\/(users|users\/find\?q=example.*|addresses\?count.*)$/,
    documented: "a list's own address as owner leaves a user behind",
    theirs: entriesCounted,
    ours: entriesCounted,
  },
  {
    requests: /^GET .*\/users\/\{gwen\}\/preferences$/,
    documented: "a user who is made gets the server's language",
    theirs: without(/"preferred_language":"en",/g),
  },
  {
    requests: /^GET .*\/addresses\/anne@example\.com\/memberships$/,
    documented: 'a member shows the name of the address',
    theirs: without(/"display_name":"[^"]*",/g),
    ours: without(/"display_name":"[^"]*",/g),
  },
  {
    requests: /requests\?request_type=unsubscription$/,
    documented: 'a request to leave outlives the membership',
    theirs: (answer) => ({ ...answer, body: '{"start":0,"total_size":0}' }),
  },
  {
    requests: /^GET .*\/dog\.example\.net\/held(\/1)?$/,
    documented: 'a held post shows all that its queue file held',
    theirs: held,
    ours: held,
  },
  {
    requests: /\/nonmember\/zed@example\.com$/,
    documented: 'whoever writes without being a member is an address without a user',
    ours: without(/"user":"[^"]*",/g),
  },
];
