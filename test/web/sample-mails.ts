import { mail, type Site } from './site.ts';

/** A picture of one pixel, as a PNG file in base64. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const PEOPLE = [
  'Anne Person <anne@people.example>',
  'Bart Person <bart@people.example>',
  'Cléo Dupré <cleo@people.example>',
  'Dirk Ångström <dirk@people.example>',
  'Elly van der Berg <elly@people.example>',
  '"Fred (away)" <fred@people.example>',
];

const SUBJECTS = [
  'Planning the autumn meeting',
  'Release 2.4 is out',
  'Nest temperature readings look wrong',
  'RFC: a common format for colony logs',
  'Photos from last week',
  'Which camera for the tunnels?',
  'Minutes of the board',
  'Grant application: last call for comments',
];

const PROSE = `I have looked at the readings again and think that we should not trust
the third sensor any more. It was moved in spring, and since then it is
always two degrees above the others, whatever the weather is like.

My proposal is to leave it out of the monthly figures until somebody can
look at it. The scripts are at https://example.org/sensors/readme.html
(the part on calibration is out of date).
`;

const TABLE = `The numbers, as promised:

    sensor      mean    max
    north       21.4    24.0
    east        21.9    24.8
    tunnel      23.7    27.1

- north and east agree
- tunnel does not
`;

const PATCH = `This fixes it for me:

diff --git a/read.c b/read.c
index 8f3b1c2..0d9a4fe 100644
--- a/read.c
+++ b/read.c
@@ -10,7 +10,7 @@ int read_sensor(int pin)
-	return value;
+	return value - offset[pin];
 }
`;

const SIGNATURE = `-- 
Anne Person
Keeper of the north nest
`;

const quote = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');

/** Fills a site with three lists that look lived in: a public one in English, a private one, one in Japanese. */
export async function fillSite(site: Site, months = 30): Promise<void> {
  const ant = await site.makeList('ant@example.com', {
    description: 'Everything about ants: nests, tunnels, sensors, and the people who watch them',
    display_name: 'Ant watchers',
    info: 'Welcome. Please keep one topic to a thread, and send pictures smaller than a megabyte.\n\nThe rules are at https://example.com/rules.',
    subject_prefix: '[Ant] ',
  });
  const mails: string[] = [];
  const now = Date.now();
  let number = 0;
  for (let month = months; month >= 0; month -= 1) {
    const count = 2 + ((month * 7) % 5);
    for (let topic = 0; topic < count; topic += 1) {
      const subject = SUBJECTS[(month + topic * 3) % SUBJECTS.length] ?? '';
      const start = `t${month}-${topic}`;
      const begin = now - month * 30 * 86_400_000 - topic * 3 * 86_400_000 - 3_600_000;
      const bodies = [PROSE + SIGNATURE, TABLE, PATCH];
      mails.push(
        mail(start, {
          from: PEOPLE[(month + topic) % PEOPLE.length] ?? '',
          subject: `[Ant] ${subject}${month > 6 ? ` (${month})` : ''}`,
          date: new Date(begin).toUTCString(),
          body: bodies[(month + topic) % 3] ?? '',
        }),
      );
      const replies = (month * 5 + topic * 3) % 7;
      for (let reply = 0; reply < replies; reply += 1) {
        number += 1;
        const parent = reply === 0 || reply % 3 === 0 ? start : `r${number - 1}`;
        const author = PEOPLE[(month + topic + reply + 1) % PEOPLE.length] ?? '';
        mails.push(
          mail(`r${number}`, {
            from: author,
            subject: `Re: [Ant] ${subject}`,
            answers: parent,
            date: new Date(begin + (reply + 1) * 5_400_000).toUTCString(),
            body: `On Monday, Anne Person wrote:\n${quote(PROSE)}\n\nThat would be fine with me. Who could have a look at it before the next\nmeeting? I am away until the end of the month, but Dirk may have time,\nand he has the key.\n\n> The scripts are at https://example.org/sensors/readme.html\n\nThey work, thank you.\n`,
          }),
        );
      }
    }
  }
  mails.push(withPicture('picture', now - 7_200_000), newsletter('newsletter', now - 3_600_000));
  await site.post(ant, ...mails);
  const bee = await site.makeList('bee@example.com', {
    description: 'The board',
    display_name: 'Board',
    archive_policy: 'private',
  });
  await site.post(bee, mail('secret', { subject: 'A private matter', body: 'Nobody else may read this.\n' }));
  const ume = await site.makeList('ume@example.com', {
    description: '梅の木を育てる人のためのメーリングリストです',
    display_name: '梅の会',
    preferred_language: 'ja',
  });
  await site.post(
    ume,
    mail('ume1', {
      from: '=?utf-8?B?5bGx55Sw5aSq6YOO?= <taro@people.example>',
      subject: '=?utf-8?B?5qKF44Gu5Ymq5a6a44Gr44Gk44GE44Gm?=',
      headers:
        'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n',
      date: new Date(now - 86_400_000).toUTCString(),
      body: '皆さん、こんにちは。\n\n今年の梅の剪定はいつ頃がよいでしょうか。去年は十二月の初めに行いましたが、\n少し早すぎたように思います。ご意見をお聞かせください。\n\n山田\n',
    }),
    mail('ume2', {
      from: '=?utf-8?B?5L2Q6Jek6Iqx5a2Q?= <hanako@people.example>',
      subject: '=?utf-8?B?UmU6IOaihOOBruWJquWumuOBq+OBpOOBhOOBpg==?=',
      answers: 'ume1',
      headers:
        'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n',
      date: new Date(now - 43_200_000).toUTCString(),
      body: '> 今年の梅の剪定はいつ頃がよいでしょうか。\n\n葉が落ちてからがよいと思います。\n',
    }),
  );
}

function withPicture(id: string, time: number): string {
  const boundary = 'mixed-parts';
  return mail(id, {
    from: PEOPLE[3] ?? '',
    subject: '[Ant] A picture of the new tunnel',
    date: new Date(time).toUTCString(),
    headers: `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${boundary}"\n`,
    body: `--${boundary}\nContent-Type: text/plain; charset=utf-8\n\nHere it is, with the plan.\n\n--${boundary}\nContent-Type: image/png; name="tunnel.png"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="tunnel.png"\n\n${PIXEL}\n--${boundary}\nContent-Type: application/pdf; name="plan.pdf"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="plan.pdf"\n\nJVBERi0xLjQK\n--${boundary}--\n`,
  });
}

function newsletter(id: string, time: number): string {
  const boundary = 'two-ways';
  return mail(id, {
    from: PEOPLE[2] ?? '',
    subject: '[Ant] Newsletter of November',
    date: new Date(time).toUTCString(),
    headers: `MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="${boundary}"\n`,
    body: `--${boundary}\nContent-Type: text/plain; charset=utf-8\n\nThe newsletter. Read it at https://example.com/news.\n\n--${boundary}\nContent-Type: text/html; charset=utf-8\n\n<html><body><h1>Newsletter</h1><p>Read it <a href="https://example.com/news">here</a>.</p><table border=1><tr><td>North</td><td>21.4</td></tr></table></body></html>\n--${boundary}--\n`,
  });
}
