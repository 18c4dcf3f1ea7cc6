import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputOf } from './attempt.ts';
import type { Target } from './target.ts';
import type { Batch, BatchReport } from './worker.ts';

/** Megabytes of heap that a worker may have; one that needs more dies, which is a finding. */
const HEAP_MB = 512;

/** How long a batch may go on, in milliseconds. */
const BATCH_MS = 500;
const BATCH_INPUTS = 100_000;

/** A worker that works so long on one input, in seconds of the processor, hangs. */
const HANG_SECONDS = 15;
const LOOK_MS = 1000;

/** Clock ticks of /proc in a second. */
const TICKS = 100;

/** Inputs kept of failures that look alike. */
const KEPT = 3;

export interface TargetTotals {
  count: number;
  octets: number;
  worstMs: number;
  worstNumber: number;
  failures: number;
}

export interface Finding {
  readonly target: string;
  readonly failure: string;
  readonly number: number;
  /** Where the input is kept. */
  readonly file: string;
  times: number;
}

export interface CampaignOptions {
  readonly targets: readonly Target[];
  readonly seed: string;
  readonly workers: number;
  /** A folder for the inputs that were found. */
  readonly folder: string;
  /** Whether to go on. */
  readonly goesOn: (campaign: Campaign) => boolean;
}

/** Tries inputs in several processes until it is told to stop. */
export class Campaign {
  readonly totals = new Map<string, TargetTotals>();
  readonly findings = new Map<string, Finding[]>();
  /** The most resident memory of one worker. */
  memory = 0;
  readonly #options: CampaignOptions;
  #batches = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    for (const { name } of options.targets)
      this.totals.set(name, { count: 0, octets: 0, worstMs: 0, worstNumber: 0, failures: 0 });
  }

  get count(): number {
    return [...this.totals.values()].reduce((sum, { count }) => sum + count, 0);
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.workers }, () => this.#serve()));
  }

  /** Gives one worker after the other its batches, as long as there is any to do. */
  async #serve(): Promise<void> {
    const { targets, seed, goesOn } = this.#options;
    let worker = new Worker();
    try {
      while (goesOn(this)) {
        const target = targets[this.#batches % targets.length];
        if (!target) return;
        const batch: Batch = {
          target: target.name,
          seed,
          from: this.#batches * BATCH_INPUTS,
          milliseconds: BATCH_MS,
          most: BATCH_INPUTS,
        };
        this.#batches += 1;
        const report = await worker.run(batch);
        if ('failure' in report) {
          this.#note(target, report.number, report.failure);
          worker.stop();
          worker = new Worker();
        } else this.#add(target, report);
      }
    } finally {
      worker.stop();
    }
  }

  #add(target: Target, { count, octets, worst, failures, memory }: BatchReport): void {
    const totals = this.totals.get(target.name);
    if (!totals) return;
    totals.count += count;
    totals.octets += octets;
    if (worst.milliseconds > totals.worstMs) {
      totals.worstMs = worst.milliseconds;
      totals.worstNumber = worst.number;
    }
    this.memory = Math.max(this.memory, memory);
    for (const { number, failure } of failures) this.#note(target, number, failure);
  }

  #note(target: Target, number: number, failure: string): void {
    const totals = this.totals.get(target.name);
    if (totals) totals.failures += 1;
    const key = `${target.name}: ${failure.replace(/\d+/g, '0').slice(0, 160)}`;
    const alike = this.findings.get(key) ?? [];
    this.findings.set(key, alike);
    const [first] = alike;
    if (first) first.times += 1;
    if (alike.length >= KEPT) return;
    const { folder, seed } = this.#options;
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${target.name.replaceAll(' ', '-')}-${number}.input`);
    writeFileSync(file, inputOf(target, seed, number));
    writeFileSync(`${file}.txt`, `seed ${seed}, target ${target.name}, number ${number}\n${failure}\n`);
    alike.push({ target: target.name, failure, number, file, times: 1 });
  }
}

interface Death {
  readonly number: number;
  readonly failure: string;
}

/** A process that tries inputs. */
class Worker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ferryman-fuzz-worker-'));
  readonly #progress = join(this.#folder, 'progress');
  readonly #child: ChildProcess;

  constructor() {
    writeFileSync(this.#progress, '');
    this.#child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [this.#progress], {
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
    });
  }

  /** @returns what came of the batch, or of which input the process died */
  run(batch: Batch): Promise<BatchReport | Death> {
    return new Promise((resolve) => {
      let last = { number: -1, seconds: 0 };
      const finish = (result: BatchReport | Death): void => {
        clearInterval(timer);
        this.#child.off('message', onMessage).off('exit', onExit);
        resolve(result);
      };
      const timer = setInterval(() => {
        const [number, seconds] = [this.#current(), cpuSeconds(this.#child.pid ?? 0)];
        if (number !== last.number) last = { number, seconds };
        else if (seconds - last.seconds > HANG_SECONDS) finish({ number, failure: 'hangs' });
      }, LOOK_MS);
      const onMessage = (report: BatchReport): void => finish(report);
      const onExit = (code: number | null, signal: string | null): void =>
        finish({ number: this.#current(), failure: `the process ended (${signal ?? code})` });
      this.#child.on('message', onMessage).on('exit', onExit);
      this.#child.send(batch);
    });
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #current(): number {
    const bytes = readFileSync(this.#progress);
    return bytes.length < 8 ? -1 : bytes.readDoubleLE();
  }
}

/** 0 where the system does not tell. */
function cpuSeconds(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}
