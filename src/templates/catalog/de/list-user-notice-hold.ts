export default `Vielen Dank für Ihre Nachricht an die Mailingliste $listname mit dem
Betreff

    $subject

Sie wurde noch nicht an die Mitglieder verschickt, weil die Moderation
sie zuerst prüfen muss. Die Gründe dafür:

$reasons

Sie brauchen nichts zu tun. Sobald Ihre Nachricht freigegeben ist, geht
sie an die Liste. Bei Fragen schreiben Sie bitte an $owner_email.
`;
