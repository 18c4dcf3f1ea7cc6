import { expect, test } from 'vitest';
import { prettyPrint } from '../../../compat/tools/pretty-print.ts';
import { PyBytes, PyDict, PyFloat, PyTuple } from '../../../migrate/pickle/values.ts';

const str = (text: string): PyBytes => new PyBytes(text);

test('values stand there as Python 2.7 prints them', () => {
  const value = new PyDict([
    [str('empty'), new PyDict()],
    [
      str('n'),
      new PyDict([
        ['x', new PyFloat(1e-5)],
        [str('y'), new PyFloat(1e16)],
        [str('z'), new PyFloat(0.0001)],
        [str('w'), new PyFloat(123456789.25)],
        [str('v'), new PyFloat(1.5e-7)],
      ]),
    ],
    [3, new PyTuple([1])],
    [null, []],
    [str('list'), [str('q'.repeat(50)), str('r'.repeat(30)), new PyDict([[str('a'), new PyTuple([1, 2])]])]],
    [str('t'), new PyTuple([str('q'.repeat(40)), new PyTuple([str('r'.repeat(20)), 5n])])],
    ['bä', [true, null]],
    [new PyFloat(2.5), str('x')],
  ]);
  // What Python 2.7.18 writes for pprint.PrettyPrinter(indent=4).pprint(value).
  expect(prettyPrint(value).join('\n')).toBe(`{   None: [],
    2.5: 'x',
    3: (1,),
    u'b\\xe4': [True, None],
    'empty': {   },
    'list': [   'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq',
                'rrrrrrrrrrrrrrrrrrrrrrrrrrrrrr',
                {   'a': (1, 2)}],
    'n': {   'v': 1.5e-07,
             'w': 123456789.25,
             u'x': 1e-05,
             'y': 1e+16,
             'z': 0.0001},
    't': (   'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq',
             ('rrrrrrrrrrrrrrrrrrrr', 5L))}`);
});
