import { isUtf8 } from 'node:buffer';
import { PickleError } from './errors.ts';
import { decodeUtf8WithSurrogates } from './text.ts';

/** Lone surrogates are looked for, at some expense, only in text of at most this many bytes. */
const LONGEST_WITH_SURROGATES = 4 * 1024 * 1024;

/** The bytes of a pickle file and the place up to which they have been read. Every read is checked. */
export class Input {
  readonly bytes: Buffer;
  position: number;
  /** Where the opcode in progress began, and what it is called: for error messages. */
  opcodeAt: number;
  opcodeName: string;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = 0;
    this.opcodeAt = 0;
    this.opcodeName = '';
  }

  /** An error that names the opcode in progress and where it stands. */
  fault(problem: string): PickleError {
    return new PickleError(
      this.opcodeName === '' ? problem : `${this.opcodeName}: ${problem}`,
      this.opcodeAt,
    );
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  /** Moves past `length` bytes and returns where they start. */
  take(length: number): number {
    const start = this.position;
    const left = this.bytes.length - start;
    if (length > left) throw this.fault(`needs ${length} more bytes, but the file ends after ${left}`);
    this.position = start + length;
    return start;
  }

  uint8(): number {
    const byte = this.bytes[this.take(1)];
    return byte ?? 0;
  }

  uint16(): number {
    return this.bytes.readUInt16LE(this.take(2));
  }

  int32(): number {
    return this.bytes.readInt32LE(this.take(4));
  }

  uint32(): number {
    return this.bytes.readUInt32LE(this.take(4));
  }

  float64(): number {
    return this.bytes.readDoubleBE(this.take(8));
  }

  /** A length of four bytes with a sign: Python 2 writes no other, and a negative one is damage. */
  signedLength(): number {
    const length = this.int32();
    if (length < 0) throw this.fault(`negative length ${length}`);
    return length;
  }

  /** A length of eight bytes. */
  length64(): number {
    const length = this.bytes.readBigUInt64LE(this.take(8));
    if (length > BigInt(this.bytes.length)) {
      throw this.fault(`claims ${length} bytes, but the file has ${this.bytes.length}`);
    }
    return Number(length);
  }

  latin1(length: number): string {
    const start = this.take(length);
    return this.bytes.toString('latin1', start, start + length);
  }

  utf8(length: number): string {
    const start = this.take(length);
    const text = this.bytes.toString('utf8', start, start + length);
    if (!text.includes('\ufffd')) return text;
    const bytes = this.bytes.subarray(start, start + length);
    if (isUtf8(bytes)) return text;
    if (length > LONGEST_WITH_SURROGATES) throw this.fault('long text that is not UTF-8');
    const decoded = decodeUtf8WithSurrogates(bytes);
    if (decoded === undefined) throw this.fault('text that is not UTF-8');
    return decoded;
  }

  /** The rest of the line, one character per byte, without its newline. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.fault('the file ends before the line does');
    const text = this.bytes.toString('latin1', this.position, end);
    this.position = end + 1;
    return text;
  }
}
