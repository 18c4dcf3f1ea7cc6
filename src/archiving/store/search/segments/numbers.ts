/** Numbers of seven bits an octet, the lowest first; the highest bit says that more follow. */
export class NumberWriter {
  #bytes = Buffer.allocUnsafe(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  /** @param text of characters below 256 */
  latin1(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  bytes(bytes: Buffer): void {
    this.#reserve(bytes.length);
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** What was written; the writer begins anew, and what it gave is good until it writes again. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(octets: number): void {
    if (this.#length + octets <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + octets));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads what a NumberWriter wrote; beyond the end there are zeros. */
export class NumberReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** @returns up to 2 ** 35 */
  number(): number {
    const first = this.bytes[this.at++] ?? 0;
    if (first < 0x80) return first;
    const second = this.bytes[this.at++] ?? 0;
    let value = (first & 0x7f) | ((second & 0x7f) << 7);
    if (second < 0x80) return value;
    for (let factor = 0x4000; factor <= 0x10000000; factor *= 0x80) {
      const octet = this.bytes[this.at++] ?? 0;
      value += (octet & 0x7f) * factor;
      if (octet < 0x80) break;
    }
    return value;
  }
}
