import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Installation, install } from '../support/mailman.ts';

const LIST = 'ant@example.com';
/** What any mbox may take, whatever its size. */
const LIMIT = 300e6;
/** Octets of each attachment: 50 MB as base64. */
const ATTACHMENT = 37e6;

/** Mails with nothing but a large attachment, which nothing can compress. */
function writeLargeMails(path: string, count: number): void {
  const file = openSync(path, 'w');
  const attachment = (
    randomBytes(ATTACHMENT)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n');
  for (let number = 0; number < count; number += 1)
    writeSync(
      file,
      [
        `From ant@example.com Mon Jan  5 10:0${number}:00 2015`,
        `Message-ID: <large-${number}@example.com>`,
        `Date: Mon, 5 Jan 2015 10:0${number}:00 +0000`,
        'From: Ant <ant@example.com>',
        `Subject: Large ${number}`,
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary="bound"',
        '',
        '--bound',
        '',
        `Number ${number}.`,
        '--bound',
        'Content-Type: application/zip; name="large.zip"',
        'Content-Transfer-Encoding: base64',
        '',
        attachment,
        '--bound--',
        '',
        '',
      ].join('\n'),
    );
  closeSync(file);
}

/** Runs a script; what its `$measured` processes took at most, in octets, as the kernel has it at their end. */
function peakOf({ shell, folder }: Installation, script: string): number {
  const report = join(folder, 'peak');
  const code = `import fs from 'node:fs'; process.on('exit', () => fs.writeFileSync('${report}', fs.readFileSync('/proc/self/status')))`;
  const atExit = Buffer.from(code).toString('base64');
  const measured = `NODE_OPTIONS=--import=data:text/javascript;base64,${atExit}`;
  const { status, stderr } = shell(`set -e; measured="env ${measured} $mailman"; ${script}`);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(report, 'utf8'))?.[1]) * 1024;
}

it('imports, makes anew and exports mails of 50 MB in 300 MB', () => {
  const installation = install();
  installation.mailman('create', '-q', LIST);
  writeLargeMails(join(installation.folder, 'large.mbox'), 3);
  const peaks = {
    import: peakOf(installation, `$measured archive import ${LIST} large.mbox > report`),
    rebuild: peakOf(installation, `$measured archive rebuild ${LIST} > report`),
    export: peakOf(installation, `$measured archive export ${LIST} exported.mbox`),
  };
  for (const [what, peak] of Object.entries(peaks)) expect(peak, what).toBeLessThan(LIMIT);
  expect(installation.shell('cmp large.mbox exported.mbox')).toMatchObject({ status: 0, stdout: '' });
});
