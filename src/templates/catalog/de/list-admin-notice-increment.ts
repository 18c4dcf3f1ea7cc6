export default `Eine Nachricht an dieses Mitglied von $listname war unzustellbar, und
der Fehlerzähler der Adresse wurde erhöht:

    $member

Die Unzustellbarkeitsmeldung ist angehängt, sofern sie aufbewahrt
wurde.

Bei Fragen wenden Sie sich bitte an die Betreuer dieses Servers:
$site_email.
`;
