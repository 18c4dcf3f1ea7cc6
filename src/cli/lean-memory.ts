import { setFlagsFromString } from 'node:v8';

/**
 * Makes the engine collect garbage early instead of letting memory grow: a command that reads a whole site's worth of
 * data at once stays at what it holds, for a few percent of time. Without it, 100,000 members take twice the memory.
 */
export function keepMemoryLean(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
