export default `Diese Adresse ist kein Mitglied der Mailingliste $mlist mehr, weil
Nachrichten an sie dauerhaft unzustellbar waren:

    $member

Die letzte Unzustellbarkeitsmeldung ist angehängt, sofern sie
aufbewahrt wurde.

Bei Fragen wenden Sie sich bitte an die Betreuer dieses Servers:
$site_email.
`;
