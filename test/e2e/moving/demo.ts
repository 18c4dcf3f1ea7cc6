/**
 * The whole move of the fixtures' site, with a real Postfix: `node test/e2e/moving/demo.ts PORT RESULTS [--once]`. Shows each
 * command with its answer, and of each post who delivered it to how many. The pages stay until SIGINT or SIGTERM, with --once
 * they do not. Exit status 1 where a member got a post twice or not at all.
 */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { missingPostfix } from '../../peers/postfix.ts';
import { isFree } from '../../peers/throwaway.ts';
import { excerptOf, readGuide } from './guide.ts';
import { type Delivery, OldSite } from './old-site.ts';

const [port = '8000', results = 'var/demo-cutover', mode] = process.argv.slice(2);
const LISTS = fileURLToPath(new URL('../../../fixtures/mailman21/lists', import.meta.url));
const PLAIN = 'plain@lists.example.com';
const NIHONGO = 'nihongo-users@lists.example.com';
const STAFF = 'staff@lists.example.com';

/** How long a copy may come after all queues seemed empty, in milliseconds. */
const LATE_MS = 20_000;

/** Lines of an answer that are shown. */
const MOST_LINES = 14;

const missing = missingPostfix();
if (missing !== undefined) {
  process.stderr.write(
    `The demonstration needs a real Postfix: ${missing}.\n` +
      "It takes Debian's package postfix (of which nothing has to be configured or to run), and root.\n" +
      '"npm run demo" shows a move without mail, and takes neither.\n',
  );
  process.exit(1);
}

if (!(await isFree(Number(port)))) {
  process.stderr.write(
    `Somebody listens on port ${port} already; take another: DEMO_PORT=${Number(port) + 100} bin/demo-cutover\n`,
  );
  process.exit(1);
}

mkdirSync(results, { recursive: true });
const guide = readGuide('docs/moving.md');
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const heading = (text: string): void => say(`\n\x1b[1m${text}\x1b[0m`);

let posts = 0;
let wrong = 0;
let members: readonly string[] = [];

heading('A Mailman 2.1 behind a Postfix: 20 lists of the fixtures, 20,000 people');
const begun = performance.now();
const site = await OldSite.start(
  excerptOf(guide, '/etc/postfix/main.cf, before'),
  readdirSync(LISTS),
  Number(port),
);
process.once('SIGINT', end).once('SIGTERM', end);
try {
  await journey();
} catch (error) {
  say(String(error));
  wrong += 1;
}
heading(wrong === 0 ? 'Each member got each post once.' : 'Something went wrong: see above.');
say(`${posts} posts, ${((performance.now() - begun) / 1000).toFixed(0)} seconds.`);
process.exitCode = wrong === 0 ? 0 : 1;
if (mode === '--once') await end();
else showPages();

/** From the first look to the end. */
async function journey(): Promise<void> {
  members = site.receivers('plain');
  await post('anna@example.com');

  heading('1. What is there? Nothing is written');
  site.places.write(
    '/etc/mailman.cfg',
    excerptOf(guide, '/etc/mailman.cfg').replace(
      /^base_url: .*$/m,
      `base_url: http://lists.localhost:${port}/`,
    ),
  );
  run(`mailman migrate inspect /var/lib/mailman --html inspect.html`);
  keep('inspect.html');

  heading('2. All of it comes over, with the archives; two things are damaged on purpose');
  run('mailman migrate run /var/lib/mailman --time-zone Europe/Berlin', 1);
  run('mailman migrate follow /var/lib/mailman --once', 1);
  run('mailman migrate verify /var/lib/mailman', 1);

  heading('3. Postfix gets a map by which each list moves for itself');
  const settings = excerptOf(guide, '/etc/postfix/main.cf, after');
  say(settings.replace(/^(?=.)/gm, '  '));
  site.setPostfix(settings);
  run('postfix reload');
  run('mailman start');
  await post('anna@example.com');

  heading('4. Follow: who joins at Mailman 2.1 is here two seconds later');
  run('echo zoe@example.com | /usr/lib/mailman/bin/add_members -r - plain');
  members = [...members, 'zoe@example.com'].sort();
  await waitFor('findmember zoe@example.com', 'zoe@example.com');
  run('mailman findmember zoe@example.com');

  heading('5. Observe: Ferryman gets each post as well, and sends nothing');
  run('echo plain@listen.ferry.invalid | /usr/lib/mailman/bin/add_members -r - -w n -a n plain');
  await waitFor('findmember plain@listen.ferry.invalid', 'plain@listen');
  run(`mailman cutover observe ${PLAIN} ${NIHONGO} ${STAFF}`);
  await post('anna@example.com');
  await post('zoe@example.com');
  await site.post('stranger@elsewhere.example', PLAIN, 'spam', 'Buy this.');
  say('  A stranger posts: both hold it.');

  heading('6. Parity: did both do the same?');
  run(`mailman cutover parity ${PLAIN}`);

  heading('7. Alongside: a tenth of the members is handed over, then all');
  run(`mailman cutover alongside ${PLAIN} --percent 10`);
  await post('anna@example.com');
  run(`mailman cutover alongside ${PLAIN} --percent 100`);
  await post('bert@example.net');

  heading('8. Lead: all mail of the list comes here');
  run(`mailman cutover lead --yes ${PLAIN}`);
  await post('zoe@example.com');

  heading('9. And back: who left meanwhile has left Mailman 2.1 as well');
  run(`mailman delmembers -l ${PLAIN} -m zoe@example.com`);
  members = members.filter((address) => address !== 'zoe@example.com');
  run(`mailman cutover rollback ${PLAIN}`);
  await post('anna@example.com');

  heading('10. Forward again, and finished (after a quiet week; here at once)');
  run(`mailman cutover observe ${PLAIN}`);
  await post('bert@example.net');
  say('  What came while Mailman 2.1 was alone is in its archive:');
  run('mailman migrate run /var/lib/mailman --list plain --time-zone Europe/Berlin');
  run(`mailman cutover lead --yes ${PLAIN}`);
  await post('anna@example.com');
  run(`mailman cutover finish ${PLAIN}`, 1);
  run(`mailman cutover finish --quiet-days 0 ${PLAIN}`);
  await post('bert@example.net');

  heading('The other lists are where you left them');
  const readers = site.receivers('nihongo-users');
  run(`mailman cutover alongside ${NIHONGO} --percent 50`);
  await post('tanaka@example.net', NIHONGO, readers);
  await post('one@staff.example.com', STAFF, site.receivers('staff'));
  run(`mailman cutover status ${PLAIN} ${NIHONGO} ${STAFF}`);
  run(`mailman cutover audit ${PLAIN} | tail -n 5`);
  run(`mailman cutover parity ${PLAIN} --html parity.html`);
  keep('parity.html');
}

/** Runs a command and shows both it and its answer. @param expected its exit status */
function run(command: string, expected = 0): void {
  const { status, output } = site.shell(command);
  say(`$ ${command}`);
  const lines = output.trimEnd().split('\n');
  const isLong = lines.length > MOST_LINES;
  const shown = isLong
    ? [...lines.slice(0, MOST_LINES - 4), `... (${lines.length} lines)`, ...lines.slice(-3)]
    : lines;
  for (const line of shown) if (line !== '' || isLong) say(`  ${line}`);
  if (status === expected) return;
  wrong += 1;
  say(`  !!! exit status ${status}, expected ${expected}`);
}

/** Posts to the list and tells who delivered it, which must be to each member once. */
async function post(from: string, list = PLAIN, readers = members): Promise<void> {
  posts += 1;
  const id = `demo${posts}`;
  let delivery = await site.post(from, list, id);
  const end = Date.now() + LATE_MS;
  while (missedBy(readers, delivery).length > 0 && Date.now() < end) {
    await sleep(200);
    delivery = site.deliveryOf(id);
  }
  const { mailman2, ferryman, recipients, twice } = delivery;
  const lost = missedBy(readers, delivery);
  const strangers = recipients.filter((address) => !readers.includes(address));
  const isRight = twice.length + lost.length + strangers.length === 0;
  if (!isRight) wrong += 1;
  const verdict = isRight
    ? `all ${readers.length} members got it once`
    : `WRONG: twice ${twice.join(' ')}; not at all ${lost.join(' ')}; strangers ${strangers.join(' ')}`;
  say(`  Post ${posts}, from ${from}: Mailman 2.1 delivered ${mailman2}, Ferryman ${ferryman}; ${verdict}.`);
}

function missedBy(readers: readonly string[], { recipients }: Delivery): string[] {
  return readers.filter((address) => !recipients.includes(address));
}

/** Waits until a command says something. */
async function waitFor(command: string, text: string): Promise<void> {
  const end = Date.now() + 30_000;
  while (!site.shell(`mailman ${command}`).output.includes(text)) {
    if (Date.now() > end) throw new Error(`"mailman ${command}" never said ${text}`);
    await sleep(200);
  }
}

function keep(file: string): void {
  copyFileSync(join(site.places.folder, file), join(results, file));
}

function showPages(): void {
  const { output } = site.shell('mailman cutover watch postmaster@example.com');
  const [path = ''] = /\/accounts\/link\/\S+/.exec(output) ?? [];
  const base = `http://127.0.0.1:${port}`;
  const pages: readonly (readonly [string, string])[] = [
    [`${base}${path}`, `the move as it goes on; the link signs you in, once. Then ${base}/cutover/`],
    [`${base}/archives/list/${PLAIN}/latest/`, "the archive, with today's posts and those since 2003"],
    [`${base}/archives/`, 'the lists and their archives'],
    [`${base}/pipermail/nihongo-users/`, 'an address from 2004'],
    [`${base}/lists/${STAFF}/`, "a list that is still Mailman 2.1's"],
    [`${results}/inspect.html`, 'what was found before the move'],
    [`${results}/parity.html`, 'how both compare, post by post'],
  ];
  say('\nPages to look at, until Ctrl-C or "bin/demo-cutover stop":\n');
  for (const [address, what] of pages) say(`  ${address}\n      ${what}`);
}

async function end(): Promise<void> {
  await site.stop();
  process.exit();
}
