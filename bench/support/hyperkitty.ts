import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, type Usage } from './child.ts';

/** Where the Debian package python3-django-hyperkitty puts it. */
export const HYPERKITTY = '/usr/lib/python3/dist-packages/hyperkitty';

const PYTHON = '/usr/bin/python3';

/** As its own documentation has them, with SQLite and Whoosh, and without what needs a running Mailman 3. */
const SETTINGS = `
import os
BASE = os.environ['BENCH_FOLDER']
SECRET_KEY = 'bench'
USE_TZ = True
TIME_ZONE = 'UTC'
INSTALLED_APPS = ('hyperkitty', 'django_mailman3', 'django.contrib.admin', 'django.contrib.auth',
    'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.sites', 'django.contrib.messages',
    'django.contrib.staticfiles', 'rest_framework', 'django_gravatar', 'compressor', 'haystack', 'django_extensions',
    'django_q', 'allauth', 'allauth.account', 'allauth.socialaccount')
MIDDLEWARE = ('django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware', 'django.contrib.auth.middleware.AuthenticationMiddleware',
    'allauth.account.middleware.AccountMiddleware', 'django.contrib.messages.middleware.MessageMiddleware')
ROOT_URLCONF = 'hyperkitty.tests.urls_test'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE, 'hyperkitty.db')}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True, 'OPTIONS': {
    'context_processors': ['django.template.context_processors.request',
        'django.contrib.auth.context_processors.auth', 'django.contrib.messages.context_processors.messages']}}]
HAYSTACK_CONNECTIONS = {'default': {'ENGINE': 'haystack.backends.whoosh_backend.WhooshEngine',
    'PATH': os.path.join(BASE, 'index')}}
Q_CLUSTER = {'name': 'bench', 'orm': 'default', 'sync': True, 'timeout': 300, 'retry': 360}
MAILMAN_REST_API_URL = 'http://localhost:1'
MAILMAN_REST_API_USER = MAILMAN_REST_API_PASS = MAILMAN_ARCHIVER_KEY = 'bench'
MAILMAN_ARCHIVER_FROM = ()
SITE_ID = 1
STATIC_URL = '/static/'
STATIC_ROOT = os.path.join(BASE, 'static')
`;

/** HyperKitty with a database and an index of its own. */
export interface Hyperkitty {
  reset(): void;
  /** Its management command that imports an mbox into a list. */
  importMbox(list: string, mbox: string): Usage;
  /** Makes the full-text index of all that is there. */
  index(): Usage;
  /** Bytes of database and index. */
  size(): { readonly database: number; readonly index: number };
}

/** Undefined where it is not installed. */
export function installHyperkitty(folder: string): Hyperkitty | undefined {
  if (!existsSync(HYPERKITTY)) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bench_settings.py'), SETTINGS);
  const database = join(folder, 'hyperkitty.db');
  const index = join(folder, 'index');
  const django = (...args: readonly string[]): Usage =>
    measure(folder, [PYTHON, '-m', 'django', ...args], {
      ...{ BENCH_FOLDER: folder, PYTHONPATH: folder, DJANGO_SETTINGS_MODULE: 'bench_settings' },
    });
  return {
    reset: () => {
      rmSync(database, { force: true });
      rmSync(index, { recursive: true, force: true });
      django('migrate', '--verbosity', '0');
    },
    importMbox: (list, mbox) => django('hyperkitty_import', '-l', list, '--since', '1990-01-01', mbox),
    index: () => django('update_index', '--verbosity', '0'),
    size: () => ({ database: statSync(database).size, index: folderSize(index) }),
  };
}

function folderSize(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((total, name) => total + statSync(join(folder, name)).size, 0);
}
