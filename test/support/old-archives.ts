import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll } from 'vitest';

const fixtures = join(import.meta.dirname, '../../fixtures/mailman21');

/** One list of EXPECTED.json.gz, as far as archives go. */
export interface ExpectedArchive {
  readonly config: { readonly archive_volume_frequency: number };
  readonly archive: {
    readonly mbox: { readonly messages: number; readonly list: readonly { message_id: string | null }[] };
    readonly pipermail: {
      readonly articles: readonly ExpectedArticle[];
      readonly by_message_id: Readonly<Record<string, readonly string[]>>;
      readonly attachments: readonly string[];
      readonly volumes: readonly string[];
    };
  };
}

export interface ExpectedArticle {
  readonly path: string;
  readonly message_id: string;
  readonly date: string | null;
  readonly in_database: boolean;
}

/** Lists of the recorded site that have an archive. */
export const archivedLists = [
  ...['announce', 'c++-users.v2', 'friends-org', 'help-request', 'news-gw', 'nihongo-users', 'plain'],
  ...['talk-archive', 'vereinsrundbrief'],
];

/** The zone of the recorded site. */
export const SITE_ZONE = 'Europe/Berlin';

let folder: string | undefined;

/** Unpacks the archives of the recorded site; they go away after the tests of the file. */
export function oldArchives(): { mbox: (list: string) => string; tree: (list: string) => string } {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'ferryman-archives-'));
    execFileSync('tar', ['-xzf', join(fixtures, 'archives.tar.gz'), '-C', folder]);
  }
  const root = join(folder, 'archives/private');
  return {
    mbox: (list) => join(root, `${list}.mbox/${list}.mbox`),
    tree: (list) => join(root, list),
  };
}

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
});

/** What Mailman itself says of the archive of a list. */
export function expectedArchive(list: string): ExpectedArchive {
  const text = gunzipSync(readFileSync(join(fixtures, 'EXPECTED.json.gz'))).toString();
  const { lists } = JSON.parse(text) as { lists: Record<string, ExpectedArchive> };
  const found = lists[list];
  if (!found) throw new Error(`no list ${list}`);
  return found;
}
