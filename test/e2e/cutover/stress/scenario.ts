import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../../bench/fuzz/random.ts';
import { CutoverRig } from '../rig.ts';
import { Guests } from './guests.ts';
import { handIn } from './hand-in.ts';
import { staysIn } from './hops.ts';
import { type Account, clock, type Kill, Ledger, type Posted } from './ledger.ts';
import { makeSite } from './site.ts';
import { type Action, finishWalk, WALKED, type Walking, walk } from './walk.ts';

/** How hard it is made. */
export interface StressOptions {
  /** At least so many; more until each list has been all the way forward and back, by each step, and each program was killed. */
  readonly posts: number;
  /** Posts a second. */
  readonly rate: number;
  readonly lists: number;
  /** Of each list, all the time; some more come and go. */
  readonly members: number;
  /** Whether lists go forward and back on a short way. */
  readonly isShort: boolean;
  /** No more kills than these. */
  readonly mostKills: number;
  /** Seconds from one kill to the next, about. */
  readonly killEvery: number;
  readonly seed: string;
  readonly say: (line: string) => void;
  /** A folder for logs and the database, to look at afterwards. */
  readonly keep: string | undefined;
}

/** What came of it. */
export interface StressReport extends Account {
  readonly kills: readonly Kill[];
  /** Steps by action and outcome. */
  readonly steps: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Changes of members that were asked for. */
  readonly changes: number;
  /** Of them, those that were asked for again, because nothing had come of it for a while. */
  readonly askedAgain: number;
  /** Posts that were handed in at the rate asked for. */
  readonly flowing: number;
  /** While those were. */
  readonly seconds: number;
}

const PATIENCE_MS = 300_000;

/** From one post to the next when there were enough of them. */
const LATE_PAUSE_MS = 500;

/** After so many times the posts it is no use to go on. */
const MOST = 6;

/**
 * Mail flows while stages go forward and back, members come and go on both sides, and programs are killed. Then counts who
 * has got what.
 */
export async function stress(options: StressOptions): Promise<StressReport> {
  const scenario = await Scenario.begin(options);
  try {
    return await scenario.run();
  } finally {
    await scenario.end();
  }
}

class Scenario {
  readonly #rig: CutoverRig;
  readonly #options: StressOptions;
  readonly #members: ReadonlyMap<string, readonly string[]>;
  readonly #site: string;
  readonly #guests: Guests;
  readonly #ledger = new Ledger();
  readonly #posts = new Map<string, Posted>();
  readonly #kills: Kill[] = [];
  readonly #steps = new Map<string, Record<string, number>>();
  readonly #toured = new Set<string>();
  readonly #failures: Error[] = [];
  #isOver = false;

  private constructor(
    rig: CutoverRig,
    options: StressOptions,
    members: ReadonlyMap<string, readonly string[]>,
    site: string,
  ) {
    this.#rig = rig;
    this.#options = options;
    this.#members = members;
    this.#site = site;
    const random = new Random(options.seed, 'guests');
    this.#guests = new Guests(rig, [...members.keys()], random, (list) => this.#stageOf(list));
    rig.sink.behaviour = {
      isKeeping: false,
      onMessage: (mail) => {
        if (!this.#ledger.note(mail)) this.#guests.answer(mail);
        return undefined;
      },
    };
  }

  static async begin(options: StressOptions): Promise<Scenario> {
    const names = Array.from({ length: options.lists }, (_, index) => `river${index}`);
    const people = (name: string): string[] =>
      Array.from({ length: options.members }, (_, index) => `${name}-${index}@members.example`);
    const members = new Map(names.map((name) => [name, people(name)]));
    const site = mkdtempSync(join(tmpdir(), 'ferryman-stress-'));
    const rig = await CutoverRig.start(
      names,
      (mailman2) => {
        for (const [name, addresses] of members)
          mailman2.run('add_members', ['-r', '-', name], `${addresses.join('\n')}\n`);
      },
      makeSite(site, names),
    );
    return new Scenario(rig, options, members, site);
  }

  async run(): Promise<StressReport> {
    const names = [...this.#members.keys()];
    const isOver = (): boolean => this.#isOver;
    const { seed, isShort } = this.#options;
    const walkingOf = (name: string): Walking => ({
      ...{ rig: this.#rig, random: new Random(seed, 'walk', name), isShort, kills: this.#kills },
      stageOf: (list) => this.#stageOf(list),
      count: (action, outcome) => this.#count(action, outcome),
      say: this.#options.say,
    });
    const onTour = (name: string) => () => this.#toured.add(name);
    const others = [
      this.#kill(),
      ...names.map((name) => walk(walkingOf(name), name, { isOver, onTour: onTour(name) })),
      ...this.#guests.all.map((guest) => this.#guests.roam(guest, isOver)),
    ].map((one) => one.catch((error: Error) => this.#fail(error)));
    const seconds = await this.#post(names);
    await Promise.all(others);
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, this.#failures.join('\n'));
    // Every second list goes to the end, with a post before and one after.
    for (const [index, name] of names.entries()) {
      if (index % 2 === 1) continue;
      await finishWalk(walkingOf(name), name);
      await this.#postOne(`last${index}`, name);
    }
    await this.#rig.settled(PATIENCE_MS);
    const changes = this.#guests.all.flatMap((guest) => guest.changes);
    return {
      ...this.#ledger.drawUp(
        this.#posts,
        this.#members,
        this.#guests.all,
        this.#kills,
        staysIn(this.#rig.postfix.log()),
      ),
      ...{ kills: this.#kills, steps: this.#steps, changes: changes.length },
      ...{ flowing: this.#options.posts, seconds },
      askedAgain: changes.filter(({ isAskedAgain }) => isAskedAgain).length,
    };
  }

  async end(): Promise<void> {
    this.#isOver = true;
    const { keep } = this.#options;
    if (keep !== undefined) this.#rig.copyTraces(keep);
    await this.#rig.stop();
    rmSync(this.#site, { recursive: true, force: true });
  }

  /**
   * Hands posts in, one list after the other, whether those before have been taken or not.
   * @returns seconds until as many as were asked for
   */
  async #post(names: readonly string[]): Promise<number> {
    const { posts, rate, say } = this.#options;
    const under: Promise<void>[] = [];
    const begun = Date.now();
    let seconds = 0;
    for (let index = 0; index < posts || !this.#isToured(names); index += 1) {
      if (index > posts * MOST) throw new Error('The lists do not get forward and back');
      if (this.#failures.length > 0) break;
      under.push(
        this.#postOne(`s${index}`, names[index % names.length] ?? '').catch((error) => this.#fail(error)),
      );
      const wait = begun + ((index + 1) * 1000) / rate - Date.now();
      // What is left to do then needs some mail, and the machine.
      await sleep(index < posts ? Math.max(0, wait) : LATE_PAUSE_MS);
      if (index === posts - 1) seconds = (Date.now() - begun) / 1000;
      if (index % 200 === 199) say(`${index + 1} posts handed in, ${this.#ledger.size} copies came`);
    }
    this.#isOver = true;
    await Promise.all(under);
    return seconds;
  }

  #isToured(names: readonly string[]): boolean {
    const killed = new Set(this.#kills.map(({ program }) => program));
    const isDone = (action: Action): boolean => (this.#steps.get(action)?.done ?? 0) > 0;
    return (
      this.#toured.size === names.length &&
      killed.has('Ferryman') &&
      killed.has('Postfix') &&
      WALKED.every(isDone)
    );
  }

  async #postOne(id: string, list: string): Promise<void> {
    const members = this.#members.get(list) ?? [];
    const from = members[this.#posts.size % members.length] ?? '';
    const to = `${list}@lists.example.com`;
    const lines = [
      ...[`From: ${from}`, `To: ${to}`, `Subject: Post ${id}`, `Message-ID: <${id}@client.example>`],
      ...['Date: Mon, 05 Oct 2026 10:00:00 +0200', '', `This is ${id}.`],
    ];
    const at = Date.now();
    const fate = await handIn(this.#rig.smtpPort, { from, to }, lines.join('\r\n'));
    this.#posts.set(id, { list, fate, at });
  }

  /** Programs end without warning. */
  async #kill(): Promise<void> {
    const { killEvery, mostKills, seed, say } = this.#options;
    const random = new Random(seed, 'kill');
    for (let index = 0; index < mostKills; index += 1) {
      await this.#unlessOver(killEvery * 500 + random.below(killEvery * 1000));
      if (this.#isOver) return;
      const program = index % 2 === 0 ? 'Ferryman' : 'Postfix';
      const at = Date.now();
      if (program === 'Ferryman') await this.#rig.killMaster();
      else this.#rig.postfix.kill();
      this.#kills.push({ program, at, until: Date.now() });
      if (program === 'Ferryman') await this.#rig.startMaster();
      else {
        await sleep(50 + random.below(250));
        await this.#rig.postfix.restart();
      }
      say(`${program} was killed at ${clock(at)} and is back at ${clock(Date.now())}`);
    }
  }

  async #unlessOver(milliseconds: number): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!this.#isOver && Date.now() < end) await sleep(50);
  }

  #stageOf(name: string): string {
    const rows = this.#rig.query(`SELECT stage FROM cutover WHERE mailman2_name = '${name}'`);
    return String(rows[0]?.stage);
  }

  #count(action: string, outcome: string): void {
    const counts = this.#steps.get(action) ?? {};
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    this.#steps.set(action, counts);
  }

  #fail(error: Error): void {
    this.#failures.push(error);
    this.#isOver = true;
  }
}
