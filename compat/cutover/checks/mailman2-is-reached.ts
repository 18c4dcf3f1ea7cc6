import type { Check } from './check.ts';
import { partsOf, postfixSetting } from './postfix-setting.ts';

/** The default, which leads nowhere but to the machine itself. */
const THIS_MACHINE = 'localhost';

/** The maps send Mailman 2's mail to its aliases; they are only looked up in domains that Postfix delivers itself. */
export const mailman2IsReached: Check = {
  name: 'Mailman 2 is reached',
  run: async ({ services: { config }, cutover: { mailman2Domain } }) => {
    if (mailman2Domain !== THIS_MACHINE) return undefined;
    const value = await postfixSetting(config, 'mydestination');
    if ('problem' in value) return value.problem;
    const isThere = partsOf(value.text).some((part) => part === THIS_MACHINE || /[:/]/.test(part));
    return isThere
      ? undefined
      : `Postfix does not deliver mail for localhost, where Mailman 2's aliases are: add it to mydestination of its main.cf (found: ${value.text || 'nothing'})`;
  },
};
