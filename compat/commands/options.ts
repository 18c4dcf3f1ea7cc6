import type { OptionChange } from '../../src/membership/workflow/option-change.ts';
import type { DeliveryMode } from '../../src/model/enums.ts';

/** An option of `set`, and what its values mean here. */
export interface Option {
  readonly name: string;
  readonly values: ReadonlyMap<string, OptionChange>;
  /** What the answer calls it. */
  readonly title: string;
}

function onOff(change: (isOn: boolean) => OptionChange): ReadonlyMap<string, OptionChange> {
  return new Map([
    ['on', change(true)],
    ['off', change(false)],
  ]);
}

function mode(delivery_mode: DeliveryMode): OptionChange {
  return { preferences: { delivery_mode } };
}

/** The options in the order in which Mailman 2.1 explains them. */
export const options: readonly Option[] = [
  {
    name: 'ack',
    title: 'ack',
    values: onOff((isOn) => ({ preferences: { acknowledge_posts: isOn } })),
  },
  {
    name: 'digest',
    title: 'digest',
    values: new Map([
      ['plain', mode('plaintext_digests')],
      ['mime', mode('mime_digests')],
      ['off', mode('regular')],
    ]),
  },
  {
    name: 'delivery',
    title: 'delivery',
    values: onOff((isOn) => ({ preferences: { delivery_status: isOn ? 'enabled' : 'by_user' } })),
  },
  {
    name: 'myposts',
    title: 'myposts',
    values: onOff((isOn) => ({ preferences: { receive_own_postings: isOn } })),
  },
  {
    name: 'hide',
    title: 'hide',
    values: onOff((isOn) => ({ preferences: { hide_address: isOn } })),
  },
  {
    name: 'duplicates',
    title: 'duplicates',
    values: onOff((isOn) => ({ preferences: { receive_list_copy: isOn } })),
  },
  {
    name: 'reminders',
    title: 'reminder',
    values: onOff((isOn) => ({ preferences: {}, reminders: isOn })),
  },
];
