import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  noPreferences,
  preferenceNames,
  resolvePreferences,
  systemPreferences,
} from '../../src/model/preferences.ts';
import { settingDefinitions } from '../../src/model/settings/definitions.ts';
import {
  changeSettings,
  checkSetting,
  initialSettings,
  isSecretSetting,
  isSettingName,
  SettingError,
  settingNames,
  showSetting,
} from '../../src/model/settings/index.ts';
import { styledSettings, styles } from '../../src/model/styles.ts';
import { cleanText } from '../../src/model/text.ts';

const attributes = readFileSync(new URL('rest-attributes.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .map(([attribute = '', writable = '', initial = '']) => ({
    attribute,
    isWritable: writable === 'yes',
    initial: JSON.parse(initial) as unknown,
  }));

/** Not in Mailman's REST API 3.1, but in 3.0. */
const ONLY_IN_3_0 = ['forward_unrecognized_bounces_to'];

describe('a list setting', () => {
  it.each(settingNames)('%s accepts its initial value', (name) => {
    const { kind, initial } = settingDefinitions[name];
    expect(kind.accepts(initial)).toBe(true);
    expect(kind.accepts(undefined)).toBe(false);
    expect(kind.accepts({ odd: true })).toBe(false);
    expect(kind.accepts(Symbol.iterator)).toBe(false);
  });

  const settings = styledSettings('legacy-default', 'ant', 'en');

  it.each(attributes.filter(({ isWritable }) => isWritable))(
    '$attribute starts as in Mailman 3',
    ({ attribute, initial }) => {
      if (!isSettingName(attribute)) throw new Error(`${attribute} is missing`);
      expect(showSetting(attribute, settings[attribute])).toEqual(initial);
      expect(settingDefinitions[attribute].exposure).not.toBe('stored');
    },
  );

  it('is shown by REST only if Mailman 3 shows it', () => {
    const writable = new Set(
      attributes.filter(({ isWritable }) => isWritable).map(({ attribute }) => attribute),
    );
    const extra = settingNames.filter(
      (name) => settingDefinitions[name].exposure === 'rest' && !writable.has(name),
    );
    expect(extra.filter((name) => !ONLY_IN_3_0.includes(name))).toEqual([]);
    for (const { attribute, isWritable } of attributes)
      if (!isWritable) expect(isSettingName(attribute)).toBe(false);
  });

  it('that cannot be is refused by name, with what was found and expected', () => {
    expect(() => checkSetting('nope', 1)).toThrow('There is no list setting nope');
    expect(() => checkSetting('toString', 1)).toThrow('There is no list setting toString');
    expect(() => checkSetting('max_message_size', -1)).toThrow(
      'Setting max_message_size is -1; expected a whole number of at least 0',
    );
    expect(() => checkSetting('archive_policy', 'secret')).toThrow(
      'Setting archive_policy is "secret"; expected one of never, private, public',
    );
    expect(() => checkSetting('topics', [{ name: 'x' }])).toThrow(SettingError);
    expect(() => checkSetting('info', 7n)).toThrow(SettingError);
    expect(() => checkSetting('bounce_score_threshold', Number.NaN)).toThrow(SettingError);
    const before = initialSettings();
    expect(() => changeSettings(before, { description: 'a\nb' })).toThrow(/single line/);
    expect(changeSettings(before, { info: 'x' }).info).toBe('x');
    expect(before.info).toBe('');
  });

  it('is a secret if it is a password', () => {
    expect(settingNames.filter(isSecretSetting)).toEqual([
      'admin_password',
      'moderator_password',
      'poster_password',
    ]);
  });
});

describe('a style', () => {
  it('changes what its name says', () => {
    const plain = styledSettings('legacy-default', 'aNT', 'de');
    expect(plain).toMatchObject({ display_name: 'Ant', subject_prefix: '[Ant] ', preferred_language: 'de' });
    expect(styledSettings('legacy-announce', 'aNT', 'de')).toEqual({ ...plain, allow_list_posts: false });
    expect(styledSettings('private-default', 'aNT', 'de')).toEqual({
      ...plain,
      advertised: false,
      archive_policy: 'private',
      subscription_policy: 'confirm_then_moderate',
    });
    expect(styles.map(({ name }) => name)).toEqual(['legacy-announce', 'legacy-default', 'private-default']);
  });
});

describe('a preference', () => {
  it('is the first one set along the chain, else the system’s', () => {
    const member = { ...noPreferences, hide_address: false };
    const user = {
      ...noPreferences,
      hide_address: true,
      delivery_mode: 'mime_digests',
      preferred_language: 'fr',
    } as const;
    expect(resolvePreferences([member, noPreferences, user], 'ja')).toEqual({
      ...systemPreferences,
      hide_address: false,
      delivery_mode: 'mime_digests',
      preferred_language: 'fr',
    });
    expect(resolvePreferences([], 'ja')).toEqual({ ...systemPreferences, preferred_language: 'ja' });
    expect(Object.keys(noPreferences).sort()).toEqual([...preferenceNames].sort());
  });
});

describe('a text', () => {
  it('is clean of what is no character', () => {
    expect(cleanText('a\0b\ud800c\udc00😀é')).toBe('a\ufffdb\ufffdc\ufffd😀é');
    expect(cleanText('')).toBe('');
  });
});
