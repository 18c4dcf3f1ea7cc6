import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, freePort, MissingPeerError, makeThrowaway } from './throwaway.ts';

/** A HyperKitty of its own, as Debian ships it, in Django's own server. */
export interface HyperKitty {
  /** `http://127.0.0.1:PORT/hyperkitty/`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Asks it for a page. */
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  stop(): Promise<void>;
}

const PACKAGE = '/usr/lib/python3/dist-packages/hyperkitty';

const API_KEY = 'secret-archiver-key';

/** Its account is that of Debian's mailman3. @throws MissingPeerError */
export async function startHyperKitty(): Promise<HyperKitty> {
  const python = findProgram('python3', ['/usr/bin']);
  if (!existsSync(PACKAGE)) throw new MissingPeerError('python3-django-hyperkitty is not installed');
  const throwaway = makeThrowaway('list', 'KILL');
  const { folder } = throwaway;
  writeFileSync(join(folder, 'settings.py'), SETTINGS, { mode: 0o644 });
  writeFileSync(join(folder, 'urls.py'), URLS, { mode: 0o644 });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const django = ['/usr/bin/env', 'DJANGO_SETTINGS_MODULE=settings', python, '-m', 'django'];
  const get = async (path: string) => {
    const response = await fetch(`${origin}${path}`, { headers: { authorization: `Token ${API_KEY}` } });
    return { status: response.status, text: await response.text() };
  };
  await throwaway.start(
    [
      [...django, 'migrate', '-v', '0'],
      [...django, 'runserver', '--noreload', `127.0.0.1:${port}`],
    ],
    () =>
      get('/hyperkitty/api/mailman/urls?mlist=a@b.example').then(
        ({ status }) => status === 200,
        () => false,
      ),
  );
  return { baseUrl: `${origin}/hyperkitty/`, apiKey: API_KEY, get, stop: () => throwaway.stop() };
}

const SETTINGS = `
import os
BASE_DIR = os.path.dirname(os.path.abspath(__file__))
SECRET_KEY = 'x'
DEBUG = False
SITE_ID = 1
ALLOWED_HOSTS = ['*']
MAILMAN_REST_API_URL = 'http://127.0.0.1:1'
MAILMAN_REST_API_USER = MAILMAN_REST_API_PASS = 'x'
MAILMAN_ARCHIVER_KEY = '${API_KEY}'
MAILMAN_ARCHIVER_FROM = ('127.0.0.1', '::1')
INSTALLED_APPS = (
    'hyperkitty', 'django_mailman3', 'django.contrib.admin', 'django.contrib.auth', 'django.contrib.contenttypes',
    'django.contrib.sessions', 'django.contrib.sites', 'django.contrib.messages', 'django.contrib.staticfiles',
    'rest_framework', 'django_gravatar', 'compressor', 'haystack', 'django_extensions', 'django_q', 'allauth',
    'allauth.account', 'allauth.socialaccount')
MIDDLEWARE = (
    'django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.common.CommonMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware')
ROOT_URLCONF = 'urls'
TEMPLATES = [{
    'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True,
    'OPTIONS': {'context_processors': [
        'django.template.context_processors.request', 'django.contrib.auth.context_processors.auth',
        'django.contrib.messages.context_processors.messages']}}]
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE_DIR, 'hyperkitty.db')}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
USE_TZ = True
STATIC_URL = '/static/'
STATIC_ROOT = os.path.join(BASE_DIR, 'static')
AUTHENTICATION_BACKENDS = ('django.contrib.auth.backends.ModelBackend',)
HAYSTACK_CONNECTIONS = {'default': {'ENGINE': 'haystack.backends.simple_backend.SimpleEngine'}}
Q_CLUSTER = {'orm': 'default', 'sync': True, 'timeout': 300, 'retry': 360}
CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}
FILTER_VHOST = False
LOGGING_CONFIG = None
`;

const URLS = `
from django.urls import include, path
urlpatterns = [path('hyperkitty/', include('hyperkitty.urls'))]
`;
