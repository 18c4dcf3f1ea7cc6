import {
  anyAddress,
  bracketedAddresses,
  leadingAddress,
  loneAddress,
  titleAddress,
} from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections, type Section } from '../section.ts';

/** Behind a lower-case phrase that occurs in the line. */
function behind(phrase: string, pick = anyAddress) {
  return (line: string): string[] => {
    const at = line.toLowerCase().indexOf(phrase);
    return at < 0 ? [] : pick(line.slice(at + phrase.length)).slice(0, 1);
  };
}

/** Formats that a beginning, an end and the place of the address describe; by whom they were seen. */
const FORMATS: readonly Section[] = [
  // sdm.de
  {
    begin: ['here is your list of failed recipients'],
    end: ['here is your returned mail'],
    pick: bracketedAddresses,
  },
  // Demon Internet, InterScan VirusWall
  {
    begin: ['this message was created automatically by mail delivery software', 'message from interscan'],
    end: ['original message follows', 'end of message'],
    pick: behind('rcpt to:'),
  },
  // Demon Internet
  {
    begin: ['this message was created automatically by mail delivery'],
    end: ['---- start of returned message'],
    pick: behind('addressed to '),
  },
  // Smail
  { begin: ['failed addresses follow:'], end: ['message text follows:'], pick: leadingAddress },
  // newmail.ru
  {
    begin: ['this is the machine generated message from mail service'],
    end: ['--- below the next line is a copy'],
    pick: bracketedAddresses,
  },
  // usa.net
  { begin: ['intended recipient:'], end: ['returned mail follows'], pick: behind('intended recipient:') },
  // hotpop.com
  {
    begin: ['undeliverable address:'],
    end: ['original message attached'],
    pick: behind('undeliverable address:'),
  },
  // Prodigy
  {
    begin: ["user's mailbox is full:"],
    end: ['unable to deliver mail'],
    pick: behind("user's mailbox is full:"),
  },
  // Songbird and others that follow the words of Exchange
  {
    begin: [
      'delivery to the following recipients was aborted',
      'delevery to the following recipients',
      'delivery to the following recipients failed',
    ],
    end: ['technical details', '====='],
    pick: loneAddress,
  },
  // gomaps.com
  { begin: ['did not reach the following recipient:'], endsAtBlank: true, pick: anyAddress },
  // InterScan NT, MailFoundry
  {
    begin: ['unable to deliver message to'],
    end: ['end of message', 'delivery failed for the following reason'],
    pick: bracketedAddresses,
  },
  // EarthLink
  {
    begin: ['sorry, unable to deliver your message to'],
    end: ['a copy of the original message'],
    pick: anyAddress,
  },
  // ademe.fr
  { begin: ['a message could not be delivered to:'], end: ['subject:'], pick: loneAddress },
  // lerctr.org
  { begin: ['---- failed recipients ----'], end: [' mail ----'], pick: bracketedAddresses },
  // LSMTP
  { begin: ['--> error description:'], end: ['error-end:'], pick: behind('error-for:') },
  // EYOU
  { begin: ['this is the deliver program at'], end: ['---'], pick: leadingAddress },
  // qmail in other languages
  { begin: ['your message could not be delivered'], end: ['---'], pick: titleAddress },
  // Société Générale, and the like
  { begin: ['your message could not be delivered to'], endsAtBlank: true, pick: anyAddress },
  // dadoservice.it
  {
    begin: ['your message has encountered delivery problems'],
    end: ['your message reads'],
    pick: behind('addressed to'),
  },
  // ieo.it
  { begin: ['this is the email server at'], end: ['---'], pick: anyAddress },
  // FastDNS
  { begin: ['the following recipient(s) could not be reached'], end: ['error type'], pick: leadingAddress },
  {
    begin: ['could not deliver message to the following recipient'],
    end: ['-- the header'],
    pick: behind('failed recipient:'),
  },
  // University of California
  { begin: ['message not delivered to the following addresses'], end: ['error detail'], pick: anyAddress },
  // Dovecot's delivery agent, over quota
  {
    begin: ['your message to '],
    end: ['reporting'],
    pick: (line) => (/ was automatically rejected/.test(line) ? anyAddress(line) : []),
  },
  // MailEnable
  {
    begin: ['message could not be delivered to some recipients'],
    end: ['message headers follow'],
    pick: behind('recipient: [smtp:'),
  },
  // Yahoo Groups
  {
    begin: ["wasn't able to deliver the following message"],
    end: ['below this line is a copy'],
    pick: behind('to:'),
  },
  {
    begin: ['this is a delivery failure notification message'],
    end: ['the problem appears to be'],
    pick: behind('-- '),
  },
  // Zoho
  {
    begin: ['a message that you sent could not be delivered to one or more'],
    end: ['received:'],
    pick: leadingAddress,
  },
  // Courier
  {
    begin: ['your message to the following recipients cannot be delivered'],
    end: ['---'],
    pick: titleAddress,
  },
  // McAfee, Barracuda and others
  {
    begin: [
      'message could not be delivered to the following recipient',
      'could not be delivered to the following address',
    ],
    endsAtBlank: true,
    pick: anyAddress,
  },
];

/** Whatever a table can describe. */
export const simpleMatches: Detector = {
  name: 'simple texts',
  detect: ({ lines }) => {
    for (const format of FORMATS) {
      const addresses = addressesInSections(lines, format);
      if (addresses.length > 0) return permanent(addresses);
    }
    return permanent([]);
  },
};
