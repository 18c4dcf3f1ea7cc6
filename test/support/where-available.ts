import { describe, it } from 'vitest';

/**
 * Runs tests that need something which a machine may lack; there they are skipped by name, and under CI they fail.
 * @param missing why it is not there; undefined where it is
 */
export function describeWhere(missing: string | undefined, title: string, tests: () => void): void {
  if (missing === undefined) {
    describe(title, tests);
  } else if (process.env.CI === 'true') {
    it(title, () => {
      throw new Error(missing);
    });
  } else {
    describe.skip(`${title}: ${missing}`, () => {
      it('is not tested', () => {});
    });
  }
}
