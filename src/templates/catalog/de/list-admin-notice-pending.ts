export default `Offene Moderationsanfragen der Mailingliste $listname:
$count

$data

Bitte bearbeiten Sie sie auf den Webseiten der Liste, sobald Sie Zeit
dafür haben.
`;
