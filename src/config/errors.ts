import { FerrymanError } from '../errors.ts';

/** The configuration cannot be used. One line for each problem: file, line, section, key, found, expected. */
export class ConfigError extends FerrymanError {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The known name that a mistyped one probably stands for. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const continued = [...known].find(
    (candidate) => name.length > 2 && candidate.startsWith(`${name.toLowerCase()}_`),
  );
  if (continued !== undefined) return continued;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column += 1) {
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1),
        ),
      );
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
