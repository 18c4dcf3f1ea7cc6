import type { Socket } from 'node:net';
import { NewsTroubleError } from './errors.ts';

/** Octets that may wait to be read; then the server has to wait. */
const MOST_WAITING = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** Reads what a server sends line by line. A line never takes more memory than `MOST_WAITING`. */
export class LineReader {
  readonly #socket: Socket;
  #waiting: Buffer = Buffer.alloc(0);
  #end: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
      if (this.#waiting.length > MOST_WAITING) socket.pause();
      this.#wake?.();
    });
    socket.on('timeout', () => socket.destroy(new NewsTroubleError('The news server does not answer')));
    socket.on('error', (error) => this.#finish(new NewsTroubleError(error.message, { cause: error })));
    socket.on('close', () => this.#finish(new NewsTroubleError('The news server has closed the connection')));
  }

  /** The next line without its line end. @throws NewsTroubleError */
  async line(): Promise<Buffer> {
    for (;;) {
      const end = this.#waiting.indexOf(LF);
      if (end >= 0) {
        const line = this.#waiting.subarray(0, this.#waiting[end - 1] === CR ? end - 1 : end);
        this.#waiting = this.#waiting.subarray(end + 1);
        if (this.#waiting.length <= MOST_WAITING) this.#socket.resume();
        return line;
      }
      if (this.#end) throw this.#end;
      if (this.#waiting.length > MOST_WAITING)
        throw new NewsTroubleError(`The news server sends a line of more than ${MOST_WAITING} octets`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #finish(error: Error): void {
    this.#end ??= error;
    this.#wake?.();
  }
}
