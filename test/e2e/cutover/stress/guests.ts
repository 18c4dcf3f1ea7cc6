import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../../bench/fuzz/random.ts';
import { dict, readList } from '../../../peers/mailman2/list-file.ts';
import { beginCommand } from '../../../support/running-command.ts';
import type { SunkMail } from '../../../support/smtp-sink.ts';
import type { CutoverRig } from '../rig.ts';
import type { Change, Guest } from './guest.ts';
import { handIn } from './hand-in.ts';

const LOOK_MS = 150;

/** After which somebody asks again, in milliseconds. */
const IMPATIENCE_MS = 20_000;

/** After which it is given up. */
const LIMIT_MS = 300_000;

const HOST = 'lists.example.com';

/** All who come and go. */
export class Guests {
  readonly all: readonly Guest[];
  readonly #rig: CutoverRig;
  readonly #random: Random;
  readonly #stageOf: (list: string) => string;
  #mails = 0;

  constructor(rig: CutoverRig, lists: readonly string[], random: Random, stageOf: (list: string) => string) {
    this.#rig = rig;
    this.#random = random;
    this.#stageOf = stageOf;
    this.all = lists.flatMap((list) =>
      (['tool', 'tool', 'mail', 'mail'] as const).map((means, index) => ({
        ...{ list, means, changes: [] },
        address: `guest${index}-${list}@members.example`,
      })),
    );
  }

  /** Comes and goes until it is over, and then until the last change is done. Every second one takes some time in between. */
  async roam(guest: Guest, isOver: () => boolean): Promise<void> {
    const isPatient = this.all.indexOf(guest) % 2 === 1;
    for (let to: Change['to'] = 'in'; !isOver(); to = to === 'in' ? 'out' : 'in') {
      const end =
        Date.now() + (isPatient ? 5000 + this.#random.below(15_000) : 300 + this.#random.below(2500));
      while (!isOver() && Date.now() < end) await sleep(LOOK_MS);
      await this.#change(guest, to);
    }
  }

  /** Somebody who is asked to confirm does so, by replying. */
  answer({ message, recipients }: SunkMail): void {
    const guest = this.all.find(({ address }) => recipients.includes(address));
    const change = guest?.changes.at(-1);
    if (guest?.means !== 'mail' || !change || change.settledAt !== Number.POSITIVE_INFINITY) return;
    const head =
      message
        .toString('latin1')
        .split('\r\n\r\n')[0]
        ?.replace(/\r\n[ \t]+/g, ' ') ?? '';
    const subject = /^Subject: *(.*)$/im.exec(head)?.[1] ?? '';
    const sender =
      /^(?:Reply-To): *(?:.*<)?([^<>\s]+)/im.exec(head) ?? /^From: *(?:.*<)?([^<>\s]+)/im.exec(head);
    const to = sender?.[1] ?? '';
    if (/-confirm\+/.test(to) || /^confirm [0-9a-f]{40}$/.test(subject))
      void this.#mail(guest, to, subject.replace(/^(?!re:)/i, 'Re: '));
  }

  async #change(guest: Guest, to: Change['to']): Promise<void> {
    const change: Change = {
      ...{ to, askedAt: Date.now(), settledAt: Number.POSITIVE_INFINITY, isAskedAgain: false },
    };
    guest.changes.push(change);
    const limit = Date.now() + LIMIT_MS;
    for (;;) {
      await this.#ask(guest, to);
      const end = Date.now() + IMPATIENCE_MS;
      while (Date.now() < end) {
        if (this.#isSettled(guest, to)) {
          change.settledAt = Date.now();
          return;
        }
        await sleep(LOOK_MS);
      }
      if (Date.now() > limit) throw new Error(`${guest.address} asks in vain to be ${to}`);
      change.isAskedAgain = true;
    }
  }

  async #ask(guest: Guest, to: Change['to']): Promise<void> {
    const { list, address, means } = guest;
    if (means === 'mail') {
      await this.#mail(guest, `${list}-${to === 'in' ? 'join' : 'leave'}@${HOST}`, 'Please');
      return;
    }
    if (this.#isLedHere(list)) {
      const spec = `${list}@${HOST}`;
      const command =
        to === 'in'
          ? this.#rig.begin(`${address}\n`, 'addmembers', '-', spec)
          : this.#rig.begin('', 'delmembers', '-l', spec, '-m', address);
      await command.ended;
      return;
    }
    const [tool, parameters] =
      to === 'in' ? ['add_members', ['-r', '-', list]] : ['remove_members', [list, address]];
    await beginCommand(
      join(this.#rig.mailman2.binDir, tool as string),
      parameters as string[],
      `${address}\n`,
    ).ended;
  }

  async #mail({ address }: Guest, to: string, subject: string): Promise<void> {
    const lines = [
      ...[`From: ${address}`, `To: ${to}`, `Subject: ${subject}`],
      ...[`Message-ID: <mail${++this.#mails}@guests.example>`, 'Date: Mon, 05 Oct 2026 10:00:00 +0200', ''],
    ];
    await handIn(this.#rig.smtpPort, { from: address, to }, lines.join('\r\n'));
  }

  /** Here it always counts; at Mailman 2 unless the list is led from here. */
  #isSettled({ list, address }: Guest, to: Change['to']): boolean {
    const here = this.#rig.query(
      `SELECT 1 FROM member WHERE list_id = '${list}.${HOST}' AND role = 'member' AND email = '${address}'`,
    );
    if (here.length > 0 !== (to === 'in')) return false;
    if (this.#isLedHere(list)) return true;
    return dict(readList(this.#rig.mailman2.varDir, list).config, 'members').has(address) === (to === 'in');
  }

  #isLedHere(list: string): boolean {
    return ['lead', 'retired'].includes(this.#stageOf(list));
  }
}
