import { anyAddress } from '../address-scan.ts';
import { type Detector, nothing, permanent } from '../detection.ts';

/** Lawrence Livermore National Laboratory: the address stands between commas in a sentence. */
export const llnl: Detector = {
  name: 'LLNL',
  detect: ({ from, lines }) =>
    /@(?:[a-z0-9-]{1,63}\.){0,3}llnl\.gov\b/.test(from)
      ? permanent(lines.flatMap(({ text }) => betweenCommas(text)))
      : nothing,
};

function betweenCommas(line: string): string[] {
  return line
    .split(',')
    .slice(1, -1)
    .flatMap((piece) => {
      const [address] = anyAddress(piece);
      return address !== undefined && address === piece.trim() ? [address] : [];
    });
}
