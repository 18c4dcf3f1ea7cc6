import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const LIST = fileURLToPath(new URL('handover-script.py', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../../compat/cutover', import.meta.url));

/** @returns the calls that change something, in their order; those of options, which have none, sorted */
function calls(way: string, input: string): string[] {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [LIST, SCRIPT, way], {
    ...{ input, encoding: 'utf8' },
  });
  if (status !== 0) throw new Error(stderr);
  const [first, ...others] = stdout.split('\n').filter((line) => line !== '');
  expect(first).toBe('ready');
  const isOption = (line: string): boolean => line.startsWith('setMemberOption');
  return [...others.filter(isOption).sort(), ...others.filter((line) => !isOption(line))];
}

test('only members whose delivery is on are stopped', () => {
  expect(calls('stop', 'bart@x.example\ncris@x.example\nnobody@x.example\nend\n')).toEqual([
    "setDeliveryStatus('bart@x.example', 3)",
    'Save()',
  ]);
});

test('who was stopped is resumed, as the other server says', () => {
  expect(calls('resume', 'anne@x.example\tdelivery=on\nbart@x.example\tdelivery=user\nend\n')).toEqual([
    "setDeliveryStatus('anne@x.example', 0)",
    'Save()',
  ]);
  expect(calls('resume', 'anne@x.example\tdelivery=bounces\nend\n')[0]).toBe(
    "setDeliveryStatus('anne@x.example', 4)",
  );
});

test('whose leaving waits for a moderator waits there', () => {
  expect(calls('resume', 'anne@x.example\tdelivery=on\tleave=held\nend\n')).toEqual([
    "setDeliveryStatus('anne@x.example', 0)",
    "HoldUnsubscription('anne@x.example')",
    'Save()',
  ]);
});

test('all options are set by Mailman’s own functions', () => {
  const options = [
    ...['ack=on', 'hide=off', 'myposts=off', 'duplicates=on', 'othertopics=on', 'mod=on', 'reminders=off'],
    ...['digest=plain', 'language=de', 'name=%C3%84nne%09x', 'topics=one%0A%C3%A4'],
  ];
  expect(calls('change', `anne@x.example\t${options.join('\t')}\nend\n`)).toEqual([
    "setMemberOption('anne@x.example', 0, 1)",
    "setMemberOption('anne@x.example', 128, 1)",
    "setMemberOption('anne@x.example', 16, 0)",
    "setMemberOption('anne@x.example', 2, 1)",
    "setMemberOption('anne@x.example', 256, 0)",
    "setMemberOption('anne@x.example', 32, 1)",
    "setMemberOption('anne@x.example', 4, 1)",
    "setMemberOption('anne@x.example', 64, 1)",
    "setMemberOption('anne@x.example', 8, 1)",
    "setMemberLanguage('anne@x.example', 'de')",
    // In unicode, as the charset of the list has no such letter; topics are byte strings.
    "setMemberName('anne@x.example', 'Änne\\tx')",
    "setMemberTopics('anne@x.example', ['one', '&#228;'])",
    'Save()',
  ]);
});

test('a language that Mailman does not speak is left out, and no topics are all of them', () => {
  expect(calls('change', 'anne@x.example\tlanguage=tlh\ttopics=\nend\n')).toEqual([
    "setMemberTopics('anne@x.example', [])",
    'Save()',
  ]);
});

test('who is moved is still stopped, and a member in the way stays the only one', () => {
  expect(calls('change', 'anne@x.example\taddress=Anne.New%40x.example\tack=on\nend\n')).toEqual([
    "setMemberOption('Anne.New@x.example', 4, 1)",
    "changeMemberAddress('anne@x.example', 'Anne.New@x.example')",
    "setDeliveryStatus('Anne.New@x.example', 3)",
    'Save()',
  ]);
  expect(calls('change', 'anne@x.example\taddress=bart%40x.example\nend\n')).toEqual([
    "removeMember('anne@x.example')",
    'Save()',
  ]);
});

test.each(['', 'anne@x.example\tdelivery=on\n', 'end of it\n'])(
  'without the last line nothing is changed: %j',
  (input) => {
    expect(calls('resume', input)).toEqual([]);
  },
);
