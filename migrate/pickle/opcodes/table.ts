import type { Machine } from '../machine.ts';

/** An opcode: the name that Python's `pickletools` gives it, and what it does. */
export type Opcode = readonly [name: string, run: (machine: Machine) => void];

/** Opcodes by their byte as a character. */
export type OpcodeTable = Readonly<Record<string, Opcode>>;
