import type { Check } from './check.ts';

/** Whoever or whatever did not come over gets no mail as soon as this server delivers. */
export const importIsVerified: Check = {
  name: 'the import is verified',
  run: async ({ services: { config }, cutover, acceptsDifferences }) => {
    const { importedAt, verified, mailman2Name } = cutover;
    const { mailman2_var_dir } = config.cutover;
    const command = `"mailman migrate verify ${mailman2_var_dir} --list ${mailman2Name}"`;
    if (!verified) return `what came over was never compared with Mailman 2's files: run ${command}`;
    if (importedAt !== null && verified.at < importedAt)
      return `it was compared with Mailman 2's files before the last import (${minute(verified.at)}, ${minute(importedAt)}): run ${command}`;
    if (verified.differences > 0 && !acceptsDifferences) {
      const what = verified.differences === 1 ? '1 difference' : `${verified.differences} differences`;
      return `the last comparison with Mailman 2's files, ${minute(verified.at)}, found ${what}: run "mailman migrate run ${mailman2_var_dir} --list ${mailman2Name} --no-archives --again", then ${command}, which names what is left; --despite-differences goes on nevertheless`;
    }
    return undefined;
  },
};

/** `2026-11-20 12:00 UTC` */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
