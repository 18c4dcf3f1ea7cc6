import { connect, type Socket } from 'node:net';

/** A client that speaks LMTP as the test says, byte for byte. */
export class LmtpClient {
  readonly socket: Socket;
  #received = '';
  #isClosed = false;
  #wake = (): void => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
      this.#wake();
    });
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
    socket.on('error', () => {});
  }

  /** Connects and reads the greeting. */
  static async open(port: number): Promise<LmtpClient> {
    const client = new LmtpClient(connect(port, '127.0.0.1'));
    await client.reply();
    return client;
  }

  /** Connects, greets and begins a transaction. */
  static async transaction(port: number, ...recipients: string[]): Promise<LmtpClient> {
    const client = await LmtpClient.open(port);
    await client.ask('LHLO test.example');
    await client.ask('MAIL FROM:<anne@example.net>');
    for (const recipient of recipients) await client.ask(`RCPT TO:<${recipient}>`);
    return client;
  }

  write(text: string | Buffer): void {
    this.socket.write(text);
  }

  /** Sends a command, gives the reply. */
  async ask(command: string): Promise<string> {
    this.write(`${command}\r\n`);
    return this.reply();
  }

  /** The next reply, of one line or several, without the last line end. */
  async reply(): Promise<string> {
    for (;;) {
      const end = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(this.#received)?.[0];
      if (end !== undefined) {
        this.#received = this.#received.slice(end.length);
        return end.trimEnd().replaceAll('\r\n', '\n');
      }
      if (this.#isClosed) throw new Error(`The server has closed the connection after ${this.#received}`);
      await this.#change();
    }
  }

  /** Sends a message after DATA and gives as many replies as are asked for. */
  async data(message: string | Buffer, replies = 1): Promise<string[]> {
    await this.ask('DATA');
    this.write(message);
    this.write(/\r\n$/.test(message.toString('latin1')) ? '.\r\n' : '\r\n.\r\n');
    const found: string[] = [];
    for (let count = 0; count < replies; count += 1) found.push(await this.reply());
    return found;
  }

  /** Whether nothing comes within a short time. */
  async isSilent(milliseconds = 100): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return this.#received === '';
  }

  async closed(): Promise<void> {
    while (!this.#isClosed) await this.#change();
  }

  close(): void {
    this.socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
