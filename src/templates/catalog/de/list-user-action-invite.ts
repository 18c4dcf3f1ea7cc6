export default `Die Eigentümer der Mailingliste $listname laden Sie ein, mit dieser
Adresse Mitglied zu werden:

    $user_email

Wenn Sie beitreten möchten, antworten Sie einfach auf diese Nachricht,
ohne den Betreff zu ändern. Oder schicken Sie diese Zeile

    confirm $token

an $request_email.$confirm_by_web

Möchten Sie nicht beitreten, so brauchen Sie nichts zu tun: Ohne Ihre
Antwort wird Sie niemand in die Liste aufnehmen. Fragen beantworten
wir gern unter $contact_address.
`;
