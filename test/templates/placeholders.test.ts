import { describe, expect, test } from 'vitest';
import { expand, expandBothWays, placeholdersIn } from '../../src/templates/placeholders.ts';
import { processorTime } from '../support/processor-time.ts';

describe('placeholders', () => {
  const variables = { name: 'Ann', listname: 'ant@example.com', empty: '' };

  test.each([
    ['Dear $name,', 'Dear Ann,'],
    [`\${name}s list`, 'Anns list'],
    ['$short-leave, $name-leave', '$short-leave, Ann-leave'],
    ['$names and $unknown stay', '$names and $unknown stay'],
    ['it costs $5, or $$5, or $$name', 'it costs $5, or $5, or $name'],
    ['[$empty]', '[]'],
    [`\${name and \${} and $`, `\${name and \${} and $`],
    ['100% of %(name)s', '100% of %(name)s'],
    ['$listnameへ', 'ant@example.comへ'],
    ['$constructor $__proto__ $toString', '$constructor $__proto__ $toString'],
  ])('%j becomes %j', (text, expected) => {
    expect(expand(text, variables)).toBe(expected);
  });

  test('what is filled in is not looked at again', () => {
    expect(expand('$subject, $name', { subject: `$name \${name} $$ $&`, name: 'Ann' })).toBe(
      `$name \${name} $$ $&, Ann`,
    );
  });

  test.each([
    ['%(name)s and $name', 'Ann and Ann'],
    ['100% of us, 50%% of %(listname)s', '100% of us, 50% of ant@example.com'],
    ['%(unknown)s stays, %(name) too, and %s', '%(unknown)s stays, %(name) too, and %s'],
    ['trailing %', 'trailing %'],
  ])('both ways, %j becomes %j', (text, expected) => {
    expect(expandBothWays(text, variables)).toBe(expected);
  });

  test('an old name may stand for something else than the new one', () => {
    expect(expandBothWays('$listname %(listname)s', variables, { listname: 'Ant' })).toBe(
      'ant@example.com Ant',
    );
  });

  test('the names in a text are found, each once', () => {
    expect(placeholdersIn(`$b \${a} $b $$c $1 \${d`)).toEqual(['b', 'a']);
  });

  test('a text made to keep the reader busy takes no time', () => {
    const spent = processorTime();
    expand(`\${`.repeat(500_000), variables);
    expandBothWays('%('.repeat(500_000), variables);
    expect(spent()).toBeLessThan(1000);
  });
});
