export default `Zu viele Nachrichten an dieses Mitglied von $listname waren
unzustellbar:

    $member

Bis auf Weiteres werden keine Beiträge mehr an diese Adresse
geschickt; die Mitgliedschaft bleibt bestehen. Die letzte
Unzustellbarkeitsmeldung ist angehängt, sofern sie aufbewahrt wurde.

Bei Fragen wenden Sie sich bitte an die Betreuer dieses Servers:
$site_email.
`;
