import { isatty } from 'node:tty';
import { Presets, SingleBar } from 'cli-progress';

const STDERR = 2;

/** Below this many items a bar would only flicker. */
const WORTH_SHOWING = 2000;

/** A progress bar with rate and time left on a terminal; nothing elsewhere. */
export interface Progress {
  readonly report: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** @param label what is being done */
export function openProgress(label: string): Progress {
  if (!isatty(STDERR)) return { report: () => undefined, stop: () => undefined };
  let bar: SingleBar | undefined;
  return {
    report: (done, total) => {
      if (!bar && total >= WORTH_SHOWING) {
        bar = new SingleBar(
          { format: `${label} {bar} {value} of {total}, {eta_formatted} left`, clearOnComplete: true },
          Presets.shades_classic,
        );
        bar.start(total, 0);
      }
      bar?.update(Math.min(done, total));
    },
    stop: () => bar?.stop(),
  };
}
