import { expect, test } from 'vitest';
import { sanitise } from '../../src/web/archive/sanitise.ts';
import { processorTime } from '../support/processor-time.ts';

const options = { isObscured: true, picture: () => undefined };

test('keeps the formatting of a long mail', () => {
  const rows = '<tr><td>cell</td></tr>'.repeat(4000);
  expect(sanitise(`<table>${rows}</table><p>end</p>`, options)).toContain('<p>end</p>');
});

test.each(['<div>', '<b><i>', '<table><tr><td>', '<ul><li>', '<svg>', '<!--', '<', '</p>', '<a href="x'])(
  'is quick with a million characters of %s',
  (piece) => {
    const spent = processorTime();
    sanitise(piece.repeat(1_000_000 / piece.length), options);
    expect(spent()).toBeLessThan(500);
  },
);
