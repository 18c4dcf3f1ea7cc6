import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../test/peers/throwaway.ts';
import { measure, type Usage } from './child.ts';
import { untilGreetingOf, type WebServer } from './web-server.ts';

/** Where the Debian package python3-django-hyperkitty puts it. */
export const HYPERKITTY = '/usr/lib/python3/dist-packages/hyperkitty';

const PYTHON = '/usr/bin/python3';

/** As its own documentation has them, with SQLite and Whoosh, and without what needs a running Mailman 3. */
const SETTINGS = `
import os
BASE = os.environ['BENCH_FOLDER']
SECRET_KEY = 'bench'
ALLOWED_HOSTS = ['*']
DEBUG = False
LOGIN_URL = 'account_login'
LOGOUT_URL = 'account_logout'
USE_TZ = True
TIME_ZONE = 'UTC'
INSTALLED_APPS = ('hyperkitty', 'django_mailman3', 'django.contrib.admin', 'django.contrib.auth',
    'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.sites', 'django.contrib.messages',
    'django.contrib.staticfiles', 'rest_framework', 'django_gravatar', 'compressor', 'haystack', 'django_extensions',
    'django_q', 'allauth', 'allauth.account', 'allauth.socialaccount')
MIDDLEWARE = ('django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware', 'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware')
ROOT_URLCONF = 'hyperkitty.tests.urls_test'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE, 'hyperkitty.db')}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True, 'OPTIONS': {
    'context_processors': ['django.template.context_processors.request',
        'django.template.context_processors.static', 'django.contrib.auth.context_processors.auth',
        'django.contrib.messages.context_processors.messages', 'hyperkitty.context_processors.common',
        'django_mailman3.context_processors.common']}}]
ENGINES = {'whoosh': 'haystack.backends.whoosh_backend.WhooshEngine', 'xapian': 'xapian_backend.XapianEngine'}
HAYSTACK_CONNECTIONS = {'default': {'ENGINE': ENGINES[os.environ['BENCH_ENGINE']],
    'PATH': os.path.join(BASE, os.environ['BENCH_ENGINE'])}}
CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}
COMPRESS_ENABLED = False
FILTER_VHOST = False
LOGGING_CONFIG = None
Q_CLUSTER = {'name': 'bench', 'orm': 'default', 'sync': True, 'timeout': 300, 'retry': 360}
MAILMAN_REST_API_URL = 'http://localhost:1'
MAILMAN_REST_API_USER = MAILMAN_REST_API_PASS = MAILMAN_ARCHIVER_KEY = 'bench'
MAILMAN_ARCHIVER_FROM = ()
SITE_ID = 1
STATIC_URL = '/static/'
STATIC_ROOT = os.path.join(BASE, 'static')
`;

/** What HyperKitty can search with; Xapian needs python3-xapian-haystack. */
export type Engine = 'whoosh' | 'xapian';

/** HyperKitty with a database and an index of its own. */
export interface Hyperkitty {
  readonly engines: readonly Engine[];
  reset(): void;
  /** Its management command that imports an mbox into a list. */
  importMbox(list: string, mbox: string): Usage;
  /** Makes the full-text index of all that is there. */
  index(engine: Engine): Usage;
  /** Bytes of database and index. */
  size(engine: Engine): { readonly database: number; readonly index: number };
  /** Its pages, by gunicorn with a process for each of two processors. */
  serve(engine: Engine): Promise<WebServer>;
}

/** Undefined where it is not installed. @param withWhoosh even where there is Xapian, which is the quicker one */
export function installHyperkitty(folder: string, withWhoosh: boolean): Hyperkitty | undefined {
  if (!existsSync(HYPERKITTY)) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bench_settings.py'), SETTINGS);
  writeFileSync(join(folder, 'bench_wsgi.py'), WSGI);
  const database = join(folder, 'hyperkitty.db');
  const xapian: Engine[] = existsSync(XAPIAN) ? ['xapian'] : [];
  const engines: Engine[] = xapian.length === 0 || withWhoosh ? [...xapian, 'whoosh'] : xapian;
  const environment = (engine: Engine) => ({
    ...{ BENCH_FOLDER: folder, BENCH_ENGINE: engine },
    ...{ PYTHONPATH: folder, DJANGO_SETTINGS_MODULE: 'bench_settings' },
  });
  const django = (engine: Engine, ...args: readonly string[]): Usage =>
    measure(folder, [PYTHON, '-m', 'django', ...args], environment(engine));
  return {
    engines,
    reset: () => {
      rmSync(database, { force: true });
      for (const engine of engines) rmSync(join(folder, engine), { recursive: true, force: true });
      django('whoosh', 'migrate', '--verbosity', '0');
    },
    importMbox: (list, mbox) =>
      django('whoosh', 'hyperkitty_import', '-l', list, '--since', '1990-01-01', mbox),
    index: (engine) => django(engine, 'update_index', '--verbosity', '0'),
    size: (engine) => ({ database: statSync(database).size, index: folderSize(join(folder, engine)) }),
    serve: async (engine) => {
      const port = await freePort();
      const child = spawn(
        PYTHON,
        [
          '-m',
          'gunicorn',
          '-k',
          'gthread',
          '-w',
          '2',
          '--threads',
          '4',
          '-b',
          `127.0.0.1:${port}`,
          '--log-level',
          'warning',
          'bench_wsgi',
        ],
        {
          cwd: folder,
          env: { ...process.env, ...environment(engine) },
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      return untilGreetingOf(child, `http://127.0.0.1:${port}`, '/list/ant@example.com/');
    },
  };
}

const XAPIAN = '/usr/lib/python3/dist-packages/xapian_backend.py';

const WSGI = `
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
`;

function folderSize(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((total, name) => total + statSync(join(folder, name)).size, 0);
}
