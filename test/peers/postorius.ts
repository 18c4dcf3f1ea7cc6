import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentBlock } from '../support/operators-document.ts';
import { findProgram, freePort, MissingPeerError, makeThrowaway } from './throwaway.ts';

/** Debian's Postorius and HyperKitty, set up as `docs/postorius.md` says, in Django's own server. */
export interface Postorius {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  stop(): Promise<void>;
}

const PACKAGES = '/usr/lib/python3/dist-packages';

/** What this page has below a heading. */
const CHAPTER = 'Django';

/**
 * Starts them with an administrator `admin`, whose password is `change-me`.
 * @param restPort where the REST API of the mailing list server is
 * @param smtpPort of 127.0.0.1, where its mail goes
 * @throws MissingPeerError
 */
export async function startPostorius(restPort: number, smtpPort: number): Promise<Postorius> {
  const python = findProgram('python3', ['/usr/bin']);
  for (const name of ['postorius', 'hyperkitty', 'whoosh']) {
    if (!existsSync(join(PACKAGES, name)))
      throw new MissingPeerError(`python3-django-${name} is not installed`);
  }
  const port = await freePort();
  const throwaway = makeThrowaway('list', 'KILL');
  const write = (name: string, text: string) =>
    writeFileSync(join(throwaway.folder, name), text, { mode: 0o644 });
  const ports = {
    'EMAIL_PORT = 25': `EMAIL_PORT = ${smtpPort}`,
    '127.0.0.1:8001': `127.0.0.1:${restPort}`,
    '127.0.0.1:8080': `127.0.0.1:${port}`,
  };
  write('settings.py', documentBlock('postorius.md', CHAPTER, 'settings.py', ports));
  write('urls.py', documentBlock('postorius.md', CHAPTER, 'urls.py'));
  write('once.sh', documentBlock('postorius.md', CHAPTER, 'once').replaceAll('python3', python));
  const origin = `http://127.0.0.1:${port}`;
  const environment = ['/usr/bin/env', 'DJANGO_SETTINGS_MODULE=settings', 'PYTHONPATH=.'];
  await throwaway.start(
    [
      ['/bin/sh', '-e', 'once.sh'],
      [...environment, python, '-m', 'django', 'runserver', '--noreload', '--insecure', `127.0.0.1:${port}`],
    ],
    () =>
      fetch(`${origin}/accounts/login/`).then(
        ({ ok }) => ok,
        () => false,
      ),
  );
  return { origin, stop: () => throwaway.stop() };
}
