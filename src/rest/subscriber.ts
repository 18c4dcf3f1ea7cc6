import { addressKey, isValidAddress } from '../model/email-address.ts';
import { ConversionError, type Converter } from './converters.ts';
import { badRequest } from './errors.ts';
import type { ApiVersion } from './ids.ts';
import { parseId } from './ids.ts';
import { pythonText } from './python-repr.ts';

/** Who is meant: an address, or a user. */
export type SubscriberName = { readonly email: string } | { readonly userId: string };

/** An address, or an identifier in the form of either version, which `readSubscriber` tells apart. */
export const subscriber: Converter<string> = {
  schema: { type: 'string' },
  convert: (value) => {
    const written = pythonText(value);
    if (
      written.includes('@') ? !isValidAddress(written) : !parseId('3.1', written) && !parseId('3.0', written)
    )
      throw new ConversionError('');
    return written;
  },
};

/** Who a subscriber is in a version of the API. @throws RestError 400 where it is an identifier of the other one */
export function readSubscriber(version: ApiVersion, written: string): SubscriberName {
  if (written.includes('@')) return { email: addressKey(written) };
  const userId = parseId(version, written);
  if (userId === undefined) throw badRequest('Invalid Parameter "subscriber": .');
  return { userId };
}
