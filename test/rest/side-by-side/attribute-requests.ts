import { attributeNames } from './attribute-names.ts';

const LIST = '/lists/ant.example.com/config';

/** Each attribute: read, written with what fits no type, and with what fits some; then all together. */
export function attributeRequests(): string {
  const lines = [
    `GET ${LIST}`,
    `GET !/3.0${LIST}`,
    `GET ${LIST}/nope`,
    `GET ${LIST}/description/x`,
    `DELETE ${LIST}`,
    `DELETE ${LIST}/acceptable_aliases`,
    `DELETE ${LIST}/description`,
    `DELETE ${LIST}/nope`,
    `PUT ${LIST} description=x`,
    `PUT ${LIST} http_etag=x`,
    `PUT ${LIST}/description info=x`,
    `PUT ${LIST}/description`,
    `PUT ${LIST}/nope nope=x`,
    `PATCH ${LIST}`,
    `PATCH ${LIST} foo=1`,
    `PATCH ${LIST} volume=2`,
    `PATCH ${LIST}/description info=x`,
    `PATCH ${LIST}/description description=x&info=y`,
    `PATCH ${LIST} {"description": "één", "subject_prefix": "[✓] ", "info": "one\\ntwo"}`,
    `PATCH ${LIST} {"description": "two\\nlines"}`,
    `PATCH ${LIST} {"accept_these_nonmembers": ["a@example.com", "^.*@b[.]example"]}`,
    `PATCH ${LIST} accept_these_nonmembers=a@example.com&accept_these_nonmembers=b@example.com`,
    `PATCH ${LIST} accept_these_nonmembers=^[`,
    `PATCH ${LIST} {"accept_these_nonmembers": [""]}`,
    `PATCH ${LIST} {"filter_types": [1]}`,
    `PATCH ${LIST} {"max_message_size": 5.7}`,
    `PATCH ${LIST} {"max_message_size": true}`,
    `PATCH ${LIST} {"advertised": true}`,
    `PATCH ${LIST} {"autoresponse_grace_period": 90}`,
    `PATCH ${LIST} autoresponse_grace_period=1d2h`,
    `GET ${LIST}/autoresponse_grace_period`,
    `PATCH ${LIST} autoresponse_grace_period=2h1d`,
    `PATCH ${LIST} autoresponse_grace_period=1D`,
    `PATCH ${LIST} autoresponse_grace_period=0d`,
    `PATCH ${LIST} autoresponse_grace_period=36h`,
    `GET ${LIST}/autoresponse_grace_period`,
    `PATCH ${LIST} {"info": null}`,
    `GET ${LIST}/info`,
    `PATCH ${LIST} description=a&description=b`,
    `GET ${LIST}/description`,
    `PATCH ${LIST} max_message_size=x&advertised=x&archive_policy=x`,
    `PATCH ${LIST} acceptable_aliases=Other@example.com&acceptable_aliases=^more`,
    `GET ${LIST}/acceptable_aliases`,
    `PATCH ${LIST} preferred_language=fr`,
    `PATCH ${LIST} preferred_language=xx`,
    `PATCH ${LIST} posting_pipeline=virgin`,
    `PATCH ${LIST} posting_pipeline=foo`,
    `PATCH ${LIST} posting_pipeline=default-posting-pipeline&preferred_language=en`,
  ];
  const samples = ['', 'x', '-1', '7', 'yes', '1d', 'a@example.com'];
  attributeNames.forEach((name, index) => {
    const sample = samples[index % samples.length] ?? '';
    const other = samples[(index + 3) % samples.length] ?? '';
    lines.push(`GET ${LIST}/${name}`, `PATCH ${LIST} ${name}=${sample}`);
    if (!['moderator_password', 'acceptable_aliases'].includes(name))
      lines.push(`PUT ${LIST}/${name} ${name}=${other}`);
  });
  return [
    ...lines,
    `GET ${LIST}`,
    'GET /lists/bee.example.com/config',
    'GET /lists/cat.example.com/config',
  ].join('\n');
}
