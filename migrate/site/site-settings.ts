import type { ConfigValue } from './mm-cfg.ts';
import type { Site } from './site.ts';

/** What becomes of a setting of mm_cfg.py. */
export interface SettingFate {
  readonly name: string;
  /** Secrets are not shown. */
  readonly value: ConfigValue;
  /** carried: `migrate run` takes it over; suggested: a line for mailman.cfg; none: without effect here; decision: a person must look. */
  readonly fate: 'carried' | 'suggested' | 'none' | 'decision';
  readonly text: string;
}

/** Settings that are keys of mailman.cfg, as `[section] key`; the value is written as it is, unless converted. */
const SUGGESTED: Readonly<Record<string, readonly [string, string, ((value: ConfigValue) => string)?]>> = {
  MAX_AUTORESPONSES_PER_DAY: ['mta', 'max_autoresponses_per_day'],
  DEFAULT_MAIL_COMMANDS_MAX_LINES: ['mailman', 'email_commands_max_lines'],
  DEFAULT_SERVER_LANGUAGE: ['mailman', 'default_language'],
  DELIVERY_RETRY_PERIOD: ['mta', 'delivery_retry_period', duration],
  MAILMAN_SITE_LIST: ['legacy', 'site_list'],
  PENDING_REQUEST_LIFE: ['mailman', 'pending_request_life', duration],
  REMOVE_DKIM_HEADERS: ['mta', 'remove_dkim_headers', yesNo],
  SMTPHOST: ['mta', 'smtp_host'],
  SMTPPORT: ['mta', 'smtp_port', (value) => (value === 0 ? '25' : plain(value))],
  SMTP_MAX_RCPTS: ['mta', 'max_recipients'],
  SMTP_MAX_SESSIONS_PER_CONNECTION: ['mta', 'max_sessions_per_connection'],
  SMTP_USER: ['mta', 'smtp_user'],
  VERP_CONFIRMATIONS: ['mta', 'verp_confirmations', yesNo],
  VERP_DELIVERY_INTERVAL: ['mta', 'verp_delivery_interval'],
  VERP_PERSONALIZED_DELIVERIES: ['mta', 'verp_personalized_deliveries', yesNo],
  VERP_PROBES: ['mta', 'verp_probes', yesNo],
};

/** What `migrate run` looks at itself. */
const CARRIED: Readonly<Record<string, string>> = {
  DEFAULT_EMAIL_HOST: 'the domain of lists that name none',
  DEFAULT_URL_HOST: 'host of the links in templates of the whole site',
  DEFAULT_URL_PATTERN: 'form of the links in templates of the whole site',
  POSTFIX_STYLE_VIRTUAL_DOMAINS: 'domains are kept apart here in any case',
  VIRTUAL_HOSTS: 'which web host belongs to which domain',
};

/** Settings that changed what Mailman is: somebody has to look whether it is needed. */
const DECISIONS: Readonly<Record<string, string>> = {
  DELIVERY_MODULE: 'mail leaves by SMTP here',
  GLOBAL_BAN_LIST: 'add these as bans of the whole site',
  GLOBAL_PIPELINE: 'handlers of its own are not run here',
  KNOWN_SPAMMERS: 'add these as header matches, or to [antispam] header_checks',
  MTA: 'see "mailman aliases" and the [mta] section for the mail server used here',
  OWNER_PIPELINE: 'handlers of its own are not run here',
  PRIVATE_EXTERNAL_ARCHIVER: 'posts go to the archive here; see [archiver.*] for others',
  PUBLIC_EXTERNAL_ARCHIVER: 'posts go to the archive here; see [archiver.*] for others',
  SMTP_AUTH: 'see [mta] smtp_user, smtp_pass and smtp_secure_mode',
  USE_ENVELOPE_SENDER: 'see [mailman] sender_headers',
  SENDER_HEADERS: 'see [mailman] sender_headers',
  VERP_FORMAT: 'see [mta] verp_format and verp_regexp',
  VERP_REGEXP: 'see [mta] verp_format and verp_regexp',
  VERP_CONFIRM_FORMAT: 'see [mta] verp_confirm_format',
  VERP_CONFIRM_REGEXP: 'see [mta] verp_confirm_regexp',
};

/** Values that are like the way it works here, and need nobody. */
const HARMLESS: Readonly<Record<string, readonly ConfigValue[]>> = { MTA: ['Postfix', null] };

const SECRET = /PASS|SECRET|KEY/;

/** Every setting of mm_cfg.py with what becomes of it, by name. */
export function settingFates({ mmCfg }: Site): SettingFate[] {
  return [...mmCfg.settings]
    .map(([name, value]) => fateOf(name, value))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function fateOf(name: string, value: ConfigValue): SettingFate {
  const shown = { name, value: SECRET.test(name) ? '(secret)' : value };
  const suggestion = Object.hasOwn(SUGGESTED, name) ? SUGGESTED[name] : undefined;
  if (suggestion) {
    const [section, key, convert = plain] = suggestion;
    return { ...shown, fate: 'suggested', text: `[${section}] ${key}: ${convert(value)}` };
  }
  const carried = Object.hasOwn(CARRIED, name) ? CARRIED[name] : undefined;
  if (carried !== undefined) return { ...shown, fate: 'carried', text: carried };
  const decision = Object.hasOwn(DECISIONS, name) ? DECISIONS[name] : undefined;
  if (decision !== undefined && !HARMLESS[name]?.includes(value))
    return { ...shown, fate: 'decision', text: decision };
  const isForNewLists = name.startsWith('DEFAULT_');
  return { ...shown, fate: 'none', text: isForNewLists ? 'only for new lists' : 'has no counterpart here' };
}

function plain(value: ConfigValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function yesNo(value: ConfigValue): string {
  return value === true || (typeof value === 'number' && value !== 0) ? 'yes' : 'no';
}

function duration(value: ConfigValue): string {
  if (typeof value !== 'number') return plain(value);
  return value % 86_400 === 0 ? `${value / 86_400}d` : `${value}s`;
}
