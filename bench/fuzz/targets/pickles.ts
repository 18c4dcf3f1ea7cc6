import { ConfigPckError, readConfigPck } from '../../../migrate/import21/config-pck.ts';
import { PickleError, PickleWriteError } from '../../../migrate/pickle/errors.ts';
import { readPickles } from '../../../migrate/pickle/reader.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { pickles as seeds } from '../corpus.ts';
import { makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

/** What pickles consist of. */
export const pickleMaterial = {
  seeds: seeds.filter(({ length }) => length < 6000),
  tokens: [
    ...'(]}).NaeltsudbRoc021qhK\x81\x85\x86\x87\x8f\x90\x91\x92\x93\x94'.split(''),
    ...[
      'U\x03abc',
      'X\x02\0\0\0\xc3\xa4',
      "S'a'\n",
      'I1\n',
      'L99L\n',
      'F1e9\n',
      'q\x01',
      'h\x01',
      'K\x07',
      'M\x01\x02',
      'J\xff\xff\xff\xff',
    ],
    ...[
      'cMailman.Bouncer\n_BounceInfo\n',
      'c__builtin__\nset\n',
      'ccopy_reg\n_reconstructor\n',
      '\x80\x02',
      'g1\n',
      'p1\n',
      '(dp1\n',
      '(lp2\n',
      '0',
      '1',
    ],
    ...['T\xff\xff\xff\x7f', '\x8a\x04\xff\xff\xff\xff', 'G\x7f\xf0\0\0\0\0\0\0', '\x95\x10\0\0\0\0\0\0\0'],
  ],
};

/** Python's pickles: read and written again, or refused with the offset. */
export const pickles: Target = {
  name: 'pickles',
  make: (random) => makeInput(random, pickleMaterial),
  read: (input) => {
    try {
      for (const value of readPickles(input)) writePickle(value, 2);
      readConfigPck(input, 'config.pck');
    } catch (error) {
      if (error instanceof PickleError)
        expectThat(error.offset <= input.length, 'the offset is inside of the file');
      else if (!(error instanceof ConfigPckError || error instanceof PickleWriteError)) throw error;
    }
  },
};
