export default `Wir haben einen Antrag erhalten, diese Adresse in die Mailingliste
$listname aufzunehmen:

    $user_email

Bevor das geschieht, bestätigen Sie bitte, dass der Antrag von Ihnen
stammt. Antworten Sie dazu einfach auf diese Nachricht, ohne den
Betreff zu ändern. Oder schicken Sie diese Zeile

    confirm $token

an $request_email.$confirm_by_web

Möchten Sie nicht beitreten, so brauchen Sie nichts zu tun: Ohne Ihre
Antwort verfällt der Antrag. Wenn Sie vermuten, dass jemand Ihre
Adresse missbraucht, schreiben Sie uns bitte an $contact_address.
`;
