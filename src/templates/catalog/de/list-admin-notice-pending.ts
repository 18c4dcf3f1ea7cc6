export default `Bei der Mailingliste $listname warten Anträge auf die Moderation,
und zwar $count:

$data

Bitte sehen Sie auf den Webseiten der Liste nach, sobald Sie Zeit
finden.
`;
