import { isatty } from 'node:tty';
import { Presets, SingleBar } from 'cli-progress';

const STDERR = 2;

/** Shorter work is done before anybody has read a line about it, in milliseconds. */
const WORTH_SHOWING = 500;

const MEGABYTE = 1_000_000;

/** How far a file has been read, with rate and time left, on a terminal; nothing elsewhere. */
export interface ByteProgress {
  readonly report: (bytes: number, items: number) => void;
  readonly stop: () => void;
}

/**
 * @param label what is being done
 * @param size bytes of the file; undefined where nobody knows
 */
export function openByteProgress(label: string, size: number | undefined): ByteProgress {
  if (!isatty(STDERR)) return { report: () => undefined, stop: () => undefined };
  const started = performance.now();
  let bar: SingleBar | undefined;
  return {
    report: (bytes, items) => {
      const elapsed = performance.now() - started;
      if (elapsed < WORTH_SHOWING) return;
      bar ??= startBar(label, size);
      const rate = Math.round((items * 1000) / elapsed);
      const payload = { items: items.toLocaleString('en-US'), rate: rate.toLocaleString('en-US') };
      if (size === undefined) bar.setTotal(Math.ceil(bytes / MEGABYTE));
      bar.update(Math.ceil(bytes / MEGABYTE), payload);
    },
    stop: () => bar?.stop(),
  };
}

function startBar(label: string, size: number | undefined): SingleBar {
  const done = size === undefined ? '{value} MB' : '{bar} {value} of {total} MB';
  const left = size === undefined ? '' : ', {eta_formatted} left';
  const bar = new SingleBar(
    {
      format: `${label} ${done}, {items} messages, {rate}/s${left}`,
      clearOnComplete: true,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  bar.start(Math.ceil((size ?? 0) / MEGABYTE), 0, { items: '0', rate: '0' });
  return bar;
}
