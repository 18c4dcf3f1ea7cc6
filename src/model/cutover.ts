/**
 * How far a list has moved from Mailman 2: which of both delivers its posts. `legacy`: Mailman 2 alone. `observe`: Mailman 2
 * delivers, a copy is looked at here. `alongside`: each delivers to its own part of the members. `lead`: all is done here,
 * Mailman 2 may still get the list back. `retired`: Mailman 2 is switched off.
 */
export const STAGES = ['legacy', 'observe', 'alongside', 'lead', 'retired'] as const;

export type Stage = (typeof STAGES)[number];

/**
 * What the address of a mail can say, where Mailman 2 has a part in it. `observe` and `alongside`: Mailman 2 got it as well.
 * `handover`: members are just being handed over; Mailman 2 did not get it yet, and gets it from here afterwards.
 * `listen`: it comes from Mailman 2, to an address that is one of its members, so that what it sends can be compared.
 */
export const ADDRESS_STAGES = ['observe', 'alongside', 'handover', 'listen'] as const;

export type AddressStage = (typeof ADDRESS_STAGES)[number];

/** Whether Mailman 2 is in charge of members, settings and held posts. */
export function isMailman2InCharge(stage: Stage): boolean {
  return stage === 'legacy' || stage === 'observe' || stage === 'alongside';
}

/** `observe.ferry.invalid`: the domain that a virtual alias leads to, so that the mail itself says the stage of its list. */
export function stageDomain(stage: AddressStage, aliasDomain: string): string {
  return `${stage}.${aliasDomain}`;
}

/** Splits such a domain; undefined where it names no stage. @param domain lower case */
export function parseStageDomain(
  domain: string,
): { readonly stage: AddressStage; readonly aliasDomain: string } | undefined {
  const stage = ADDRESS_STAGES.find((name) => domain.startsWith(`${name}.`));
  return stage && { stage, aliasDomain: domain.slice(stage.length + 1) };
}

/** Whether an address is there to listen to Mailman 2 only: it never changes sides. @param key of an address */
export function isListening(key: string): boolean {
  return parseStageDomain(key.slice(key.lastIndexOf('@') + 1))?.stage === 'listen';
}
