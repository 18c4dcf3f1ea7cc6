export default `Vielen Dank für Ihre Nachricht an die Mailingliste $listname mit dem
Betreff

    $subject

Sie wurde noch nicht an die Mitglieder verschickt, weil zuerst jemand
aus der Moderation sie ansehen muss. Das sind die Gründe:

$reasons

Sie brauchen nichts zu tun. Sobald Ihre Nachricht angenommen ist, geht
sie an die Liste. Bei Fragen schreiben Sie bitte an $owner_email.
`;
