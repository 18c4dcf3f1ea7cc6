import { bool, databaseUrl, domain, host, httpUrl, int, key, orEmpty, path, port, text } from './types.ts';

/** Sections that Mailman does not have. */
export const ownSections = {
  web: {
    enabled: key(bool, 'yes', 'Whether the web pages are served.'),
    host: key(host, '127.0.0.1', 'Where the web pages are served.'),
    port: key(port, '8000', 'Their port.'),
    base_url: key(orEmpty(httpUrl), '', 'Address that people use, for links; empty is http://host:port.'),
    robots: key(bool, 'yes', 'Whether search engines may keep the archives of public lists.'),
  },
  rest: {
    tls_cert: key(
      orEmpty(path),
      '',
      'With [webservice] use_https: the certificate (PEM) with which the API itself speaks TLS; empty where a proxy does.',
    ),
    tls_key: key(orEmpty(path), '', 'The private key of that certificate (PEM).'),
    login_failures: key(
      int(1),
      '20',
      'Failed logins that one network has in five minutes before it has to wait.',
    ),
  },
  archive: {
    enabled: key(
      bool,
      'yes',
      'Whether posts are kept in the web archive, if their list wants to be archived.',
    ),
    url: key(
      databaseUrl,
      'sqlite:///$DATA_DIR/archive.db',
      'Where the web archive is; names of directories in upper case.',
    ),
  },
  cutover: {
    alias_domain: key(
      orEmpty(domain),
      '',
      'Domain, known to Postfix only, that lists are moved by (such as ferry.invalid).',
    ),
    mailman2_var_dir: key(
      orEmpty(path),
      '',
      'Directory of Mailman 2 that has lists and archives (such as /var/lib/mailman).',
    ),
    mailman2_bin_dir: key(
      orEmpty(path),
      '',
      'Directory of the commands of Mailman 2 (such as /usr/lib/mailman/bin).',
    ),
    mailman2_command: key(
      text,
      '',
      'What stands before a command of Mailman 2 (such as ssh lists.example.com, or sudo -u mailman).',
    ),
    mailman2_domain: key(
      orEmpty(domain),
      'localhost',
      "Domain at which Postfix finds Mailman 2's aliases (ant@localhost); empty is Postfix's myorigin.",
    ),
    postconf_command: key(
      text,
      '/usr/sbin/postconf',
      "Tells Postfix's settings, for the checks of a cutover.",
    ),
  },
  metrics: {
    enabled: key(bool, 'no', 'Whether health and metrics are served over HTTP, for Prometheus.'),
    host: key(host, '127.0.0.1', 'Where they are served.'),
    port: key(port, '8002', 'Their port.'),
  },
  legacy: {
    commands: key(bool, 'yes', 'Whether the e-mail commands of Mailman 2 are understood.'),
    urls: key(bool, 'yes', 'Whether the addresses of the web pages of Mailman 2 lead to the new ones.'),
    passwords: key(bool, 'yes', 'Whether passwords taken over from Mailman 2 are accepted.'),
    site_list: key(
      text,
      'mailman',
      'Name of the list that stood for the whole site in Mailman 2 (MAILMAN_SITE_LIST).',
    ),
  },
} as const;
