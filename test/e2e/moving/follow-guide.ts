import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, excerptOf, type Guide, missingLine } from './guide.ts';
import type { OldSite, Outcome } from './old-site.ts';

/** What shows the state of things, and may be asked until it is as the page has it. */
const LOOKS = /^mailman (findmember|cutover status|cutover parity)\b/;

/** What the tests need beside that: ports of their own, and a look at the queues. */
const OTHER_SETTINGS = '\n[webservice]\nport: 8001\n\n[metrics]\nenabled: yes\nport: 8002\n';

const PATIENCE_MS = 60_000;

/** Does what a page says, from its configuration on. @returns after each command, which has answered as the page has it */
export async function* followGuide(site: OldSite, guide: Guide): AsyncGenerator<Command> {
  const settings = excerptOf(guide, '/etc/mailman.cfg');
  site.places.write(
    '/etc/mailman.cfg',
    settings.includes('[metrics]') ? settings : settings + OTHER_SETTINGS,
  );
  for (const command of guide.commands) {
    if (command.text === 'postfix reload') site.setPostfix(excerptOf(guide, '/etc/postfix/main.cf, after'));
    const outcome = await run(site, command);
    const missing = problemOf(outcome, command);
    if (missing !== undefined) throw new Error(explain(command.text, outcome, missing));
    yield command;
  }
}

async function run(site: OldSite, command: Command): Promise<Outcome> {
  const { text } = command;
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const outcome = site.shell(text);
    if (!LOOKS.test(text) || problemOf(outcome, command) === undefined || Date.now() > end) return outcome;
    await sleep(200);
  }
}

function problemOf({ status, output }: Outcome, { answer }: Command): string | undefined {
  if (answer) return missingLine(output, answer);
  return status === 0 ? undefined : '(nothing of this)';
}

function explain(text: string, { status, output }: Outcome, missing: string): string {
  return `The page and the program do not agree.\n$ ${text}\n${output}[exit status ${status}]\nThe page says: ${missing}`;
}
