import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Description } from './description.ts';

/** A Python process that loads, dumps and takes apart pickles for the tests; see judge.py. */
export class Judge {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  #last: Promise<unknown> = Promise.resolve();

  constructor(python: string) {
    const script = new URL('judge.py', import.meta.url).pathname;
    this.#process = spawn(python, [script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: python === PYTHON3 ? process.env : PYENV_PYTHON2,
    });
    if (this.#process.stdout === null) throw new Error('no output from Python');
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** What Python makes of all pickles in these bytes. */
  async load(data: Uint8Array): Promise<Description[]> {
    const { values } = await this.#ask({ do: 'load', data: Buffer.from(data).toString('base64') });
    return values ?? [];
  }

  async loadFile(path: string): Promise<Description[]> {
    const { values } = await this.#ask({ do: 'load', path });
    return values ?? [];
  }

  /** The pickle that Python writes for a value, by its C or its pure Python implementation. */
  async dump(value: Description, protocol: number, pure: boolean): Promise<Buffer> {
    const { data } = await this.#ask({ do: 'dump', value, protocol, pure });
    return Buffer.from(data ?? '', 'base64');
  }

  /** The opcodes of a pickle, after `pickletools` has checked what each finds on the stack and in the memo. */
  async opcodes(data: Uint8Array): Promise<string[]> {
    const { opcodes } = await this.#ask({ do: 'dis', data: Buffer.from(data).toString('base64') });
    return opcodes ?? [];
  }

  stop(): void {
    this.#reader.close();
    this.#process.stdin?.end();
  }

  async #ask(job: object): Promise<Answer> {
    const answered = this.#last.then(async () => {
      this.#process.stdin?.write(`${JSON.stringify(job)}\n`);
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error('Python ended early');
      return JSON.parse(value) as Answer;
    });
    this.#last = answered.catch(() => undefined);
    const answer = await answered;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }
}

interface Answer {
  values?: Description[];
  data?: string;
  opcodes?: string[];
  error?: string;
}

export const PYTHON3 = process.env.PYTHON3 ?? 'python3';

/** pyenv offers its Python 2 only when asked; without pyenv the variable means nothing. */
const PYENV_PYTHON2 = { ...process.env, PYENV_VERSION: '2.7.18' };

/** A Python 2.7 if this machine has one: it judges as Python 3 does, and knows `str` from `bytes`, `int` from `long`. */
export const PYTHON2 = [process.env.PYTHON2, 'python2.7', 'python2'].find(
  (name) => name !== undefined && spawnSync(name, ['-c', ''], { env: PYENV_PYTHON2 }).status === 0,
);
