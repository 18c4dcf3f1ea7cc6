export default `Bei der Mailingliste $listname warten $count Anträge auf die
Moderation:

$data

Bitte sehen Sie auf den Webseiten der Liste nach, sobald Sie Zeit
finden.
`;
